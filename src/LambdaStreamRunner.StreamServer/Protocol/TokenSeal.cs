using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>Makes tokens that only this server can have made: content, a running number, the time, and a seal over all of it.</summary>
/// <remarks>Nothing is kept for a token. The time is real time: a token does not live longer because the run clock is slow.</remarks>
/// <param name="realTime">Tells the time.</param>
/// <param name="key">The key of the seal; a new one when it is null, so that tokens do not outlive the process.</param>
internal sealed class TokenSeal(TimeProvider realTime, byte[]? key = null)
{
    /// <summary>How long iterators and page tokens are good (AWS: 300,000 ms).</summary>
    public const long LifetimeMilliseconds = 300_000;

    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 32;

    private const int HeaderLength = 24;                      // version as production has it, running number, time of issue
    private const int SealLength = 16;

    private readonly byte[] _key = key ?? RandomNumberGenerator.GetBytes(KeyLength);
    private long _issued;

    /// <summary>Milliseconds since the epoch, in real time.</summary>
    public long Now => realTime.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A token; two calls never give the same.</summary>
    public string Seal(ReadOnlySpan<byte> content)
    {
        Span<byte> token = stackalloc byte[HeaderLength + content.Length + SealLength];
        BinaryPrimitives.WriteInt64BigEndian(token, 1);
        BinaryPrimitives.WriteInt64BigEndian(token[8..], Interlocked.Increment(ref _issued));
        BinaryPrimitives.WriteInt64BigEndian(token[16..], Now);
        content.CopyTo(token[HeaderLength..]);
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(_key, token[..^SealLength], hash);
        hash[..SealLength].CopyTo(token[^SealLength..]);
        return Convert.ToBase64String(token);
    }

    /// <summary>Opens a token; false when this process did not make it.</summary>
    public bool TryOpen(string text, out long issuedMilliseconds, out byte[] content)
    {
        (issuedMilliseconds, content) = (0, []);
        byte[] token = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, token, out int length) || length < HeaderLength + SealLength)
            return false;

        ReadOnlySpan<byte> sealedPart = token.AsSpan(0, length - SealLength);
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(_key, sealedPart, hash);
        if (!CryptographicOperations.FixedTimeEquals(hash[..SealLength], token.AsSpan(length - SealLength, SealLength)))
            return false;

        issuedMilliseconds = BinaryPrimitives.ReadInt64BigEndian(sealedPart[16..]);
        content = sealedPart[HeaderLength..].ToArray();
        return true;
    }
}
