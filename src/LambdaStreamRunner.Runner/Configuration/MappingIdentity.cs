using System.Security.Cryptography;
using System.Text;

namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>What makes a configured mapping the same one after a restart: its source and its function.</summary>
internal static class MappingIdentity
{
    /// <summary>The UUID of a configured mapping: the same for the same source and function, in every process.</summary>
    public static Guid UuidOf(string sourceArn, string functionArn)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{sourceArn} {functionArn}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);            // RFC 9562: version 8, made of a hash of our own
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
