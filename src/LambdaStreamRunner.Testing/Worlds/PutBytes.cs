using System.Text;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>A record's bytes as streams keep them: key and payload, one after the other.</summary>
internal sealed record PutBytes(UInt128 KeyHash, byte[] Memory, int KeyLength)
{
    public static PutBytes Of(string key, ReadOnlySpan<byte> data)
    {
        byte[] keyBytes = Encoding.UTF8.GetBytes(key);
        return new PutBytes(HashKeyRange.HashOf(keyBytes), [.. keyBytes, .. data], keyBytes.Length);
    }
}
