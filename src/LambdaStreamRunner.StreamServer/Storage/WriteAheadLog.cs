using System.Buffers.Binary;
using System.Numerics;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>Looks at RocksDB's write-ahead logs before it opens them, and tells a torn end from a hole.</summary>
/// <remarks>
/// RocksDB's point-in-time recovery goes on with what lies before the first damage, wherever that is. At the end of the newest
/// log that is what a crash leaves, and so it is at the end of an older one when the next log goes on with the number that
/// comes next: recovery had cut it off and begun a new log. Anywhere else records would be dropped that are whole. The format
/// is that of RocksDB's wiki, "Write Ahead Log File Format": blocks of 32 KiB; in them fragments of checksum, length, type and
/// bytes; the bytes of a record begin with the number of its first change (8 bytes) and how many changes it has (4).
/// </remarks>
internal static class WriteAheadLog
{
    private const int BlockBytes = 32 << 10;
    private const int HeaderBytes = 4 + 2 + 1;
    private const uint ChecksumMask = 0xA282EAD8;
    private const int ChangesHeaderBytes = 8 + 4;
    private const byte Whole = 1;
    private const byte First = 2;
    private const byte Last = 4;

    /// <summary>The first damage that good fragments come behind, in the same log or in a later one; null when there is none.</summary>
    /// <exception cref="IOException">A log cannot be read.</exception>
    public static LogHole? FindHole(string folder)
    {
        if (!Directory.Exists(folder))
            return null;
        var found = new Findings();
        foreach (string file in Directory.EnumerateFiles(folder, "*.log").Order(StringComparer.Ordinal))
        {
            using FileStream log = File.OpenRead(file);
            if (HasGoodBehind(log, found))
                return found.Damage;
        }
        return null;
    }

    /// <summary>Notes the first damage of all; true as soon as something good comes behind it.</summary>
    private static bool HasGoodBehind(FileStream log, Findings found)
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
                    if (found.IsHole(log.Name, rest[6], rest.Slice(HeaderBytes, bytes)))
                        return true;
                }
                else
                {
                    found.Damage ??= new LogHole(log.Name, start + at);
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

    /// <summary>What was seen of all logs so far.</summary>
    private sealed class Findings
    {
        private ulong _next;                                  // the number that comes behind the last whole record
        private ulong _nextWhenWhole;

        public LogHole? Damage { get; set; }

        /// <summary>Takes a good fragment; true when damage lies before it that no crash leaves.</summary>
        public bool IsHole(string log, byte type, ReadOnlySpan<byte> bytes)
        {
            bool begins = type is Whole or First && bytes.Length >= ChangesHeaderBytes;
            ulong number = begins ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
            if (Damage is not null && (Damage.File == log || !begins || number != _next))
                return true;
            Damage = null;                                    // a torn end, and the log that was begun when it was cut off
            if (begins)
                _nextWhenWhole = number + BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
            if (type is Whole or Last)
                _next = _nextWhenWhole;
            return false;
        }
    }
}

/// <summary>Where a log is damaged.</summary>
internal sealed record LogHole(string File, long Offset);
