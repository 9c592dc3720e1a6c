using System.Text;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>What a captured trace shows of keys.</summary>
/// <param name="Keys">Keys, or hashes.</param>
/// <param name="Salt">Goes before each key into its hash; null for none, which leaves shard and lane as they are.</param>
internal sealed record KeyHiding(TraceKeys Keys, string? Salt)
{
    private readonly byte[] _salt = Encoding.UTF8.GetBytes(Salt ?? "");

    /// <summary>The hash that stands for a key.</summary>
    public UInt128 HashOf(ReadOnlySpan<byte> key)
    {
        if (_salt.Length == 0)
            return HashKeyRange.HashOf(key);
        byte[] salted = new byte[_salt.Length + key.Length];
        _salt.CopyTo(salted, 0);
        key.CopyTo(salted.AsSpan(_salt.Length));
        return HashKeyRange.HashOf(salted);
    }
}
