using System.Buffers.Binary;
using System.Numerics;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>Looks at RocksDB's write-ahead logs before it opens them, and tells a torn end from a hole.</summary>
/// <remarks>
/// RocksDB's point-in-time recovery goes on with what lies before the first damage, wherever that is. At the end of the newest
/// log that is what a crash leaves; anywhere else records would be dropped that are whole. The format is that of RocksDB's
/// wiki, "Write Ahead Log File Format": blocks of 32 KiB; in them fragments of checksum, length, type and bytes.
/// </remarks>
internal static class WriteAheadLog
{
    private const int BlockBytes = 32 << 10;
    private const int HeaderBytes = 4 + 2 + 1;
    private const uint ChecksumMask = 0xA282EAD8;

    /// <summary>The first damage that good fragments come behind, in the same log or in a later one; null when there is none.</summary>
    /// <exception cref="IOException">A log cannot be read.</exception>
    public static LogHole? FindHole(string folder)
    {
        if (!Directory.Exists(folder))
            return null;
        LogHole? damage = null;
        foreach (string file in Directory.EnumerateFiles(folder, "*.log").Order(StringComparer.Ordinal))
        {
            using FileStream log = File.OpenRead(file);
            if (HasGoodBehind(log, ref damage))
                return damage;
        }
        return null;
    }

    /// <summary>Notes the first damage of all; true as soon as something good comes behind it.</summary>
    private static bool HasGoodBehind(FileStream log, ref LogHole? damage)
    {
        byte[] block = new byte[BlockBytes];
        for (long start = 0; ; start += BlockBytes)
        {
            int length = log.ReadAtLeast(block, BlockBytes, throwOnEndOfStream: false);
            for (int at = 0; at + HeaderBytes <= length;)
            {
                ReadOnlySpan<byte> rest = block.AsSpan(at, length - at);
                int bytes = BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]);
                if (IsGood(rest, bytes))
                {
                    if (damage is not null)
                        return true;
                }
                else
                {
                    damage ??= new LogHole(log.Name, start + at);
                    if (bytes == 0)
                        break;                                // zeros, for instance: nothing says where the next one begins
                }
                at += HeaderBytes + bytes;
            }
            if (length < BlockBytes)
                return false;
        }
    }

    private static bool IsGood(ReadOnlySpan<byte> fragment, int bytes)
    {
        if (HeaderBytes + bytes > fragment.Length)
            return false;
        uint masked = BinaryPrimitives.ReadUInt32LittleEndian(fragment);
        return BitOperations.RotateLeft(masked - ChecksumMask, 15) == Checksum(fragment.Slice(6, 1 + bytes));
    }

    // CRC-32C of type and bytes; the processor does eight bytes at a time.
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte next in bytes)
            crc = BitOperations.Crc32C(crc, next);
        return ~crc;
    }
}

/// <summary>Where a log is damaged.</summary>
internal sealed record LogHole(string File, long Offset);
