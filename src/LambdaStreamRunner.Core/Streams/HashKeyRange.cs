using System.Security.Cryptography;

namespace LambdaStreamRunner.Core.Streams;

/// <summary>The part of the 128-bit hash space that a shard owns; both ends belong to it.</summary>
/// <param name="StartingHashKey">Lowest hash key of the shard.</param>
/// <param name="EndingHashKey">Highest hash key of the shard.</param>
public readonly record struct HashKeyRange(UInt128 StartingHashKey, UInt128 EndingHashKey)
{
    /// <summary>The whole hash space: the range of the only shard of a stream.</summary>
    public static HashKeyRange Full { get; } = new(0, UInt128.MaxValue);

    /// <summary>True when a record with this hash key goes to the shard.</summary>
    public bool Contains(UInt128 hashKey) => hashKey >= StartingHashKey && hashKey <= EndingHashKey;

    /// <summary>The ranges of a new stream's shards: equal parts, of which the last takes what division leaves over.</summary>
    public static HashKeyRange[] Split(int shardCount)
    {
        // floor(2^128 / n), of which 2^128 itself does not fit: divide the largest key and see whether one more makes it even.
        (UInt128 size, UInt128 rest) = UInt128.DivRem(UInt128.MaxValue, (UInt128)shardCount);
        if (rest == (UInt128)(shardCount - 1))
            size++;
        var ranges = new HashKeyRange[shardCount];
        for (int i = 0; i < shardCount; i++)
        {
            UInt128 start = size * (UInt128)i;
            ranges[i] = new HashKeyRange(start, i == shardCount - 1 ? UInt128.MaxValue : start + size - 1);
        }
        return ranges;
    }

    /// <summary>Kinesis' hash of a partition key: MD5 of its UTF-8 bytes as a big-endian number.</summary>
    public static UInt128 HashOf(ReadOnlySpan<byte> partitionKeyUtf8)
    {
        if (partitionKeyUtf8.Length <= SingleBlockMd5.LengthMax)
            return SingleBlockMd5.Hash(partitionKeyUtf8);

        Span<byte> hash = stackalloc byte[16];
#pragma warning disable CA5351 // MD5 is what Kinesis routes by; nothing is protected with it.
        MD5.HashData(partitionKeyUtf8, hash);
#pragma warning restore CA5351
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
