using System.Buffers.Binary;
using System.Text;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>The keys of everything that is kept, in one order: a kind, then what it is about.</summary>
internal static class StoreKeys
{
    /// <summary>Bytes of a block's key.</summary>
    public const int BlockLength = 1 + 4 + 4 + 8;

    private const byte BlockKind = (byte)'B';
    private const byte TailKind = (byte)'T';
    private const byte StreamKind = (byte)'S';
    private const byte EntryKind = (byte)'E';

    /// <summary>A block of records, by the running index of its first.</summary>
    public static byte[] Block(ShardKey shard, ulong firstIndex)
    {
        byte[] key = new byte[BlockLength];
        WriteShard(key, BlockKind, shard);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(9), firstIndex);
        return key;
    }

    /// <summary>Where a shard stood when its last block was trimmed.</summary>
    public static byte[] Tail(ShardKey shard)
    {
        byte[] key = new byte[9];
        WriteShard(key, TailKind, shard);
        return key;
    }

    /// <summary>What is known of a stream beside its records.</summary>
    public static byte[] Stream(uint stream) => StreamPart(StreamKind, stream);

    /// <summary>The first key of a kind that belongs to a stream; the next stream's is behind the last.</summary>
    public static byte[] BlocksOf(uint stream) => StreamPart(BlockKind, stream);

    /// <inheritdoc cref="BlocksOf"/>
    public static byte[] TailsOf(uint stream) => StreamPart(TailKind, stream);

    /// <summary>Something that is kept under a name of its own, a checkpoint for instance.</summary>
    public static byte[] Entry(string name) => [EntryKind, .. Encoding.UTF8.GetBytes(name)];

    /// <summary>A key behind all entries whose names begin like this: no byte of UTF-8 is as high.</summary>
    public static byte[] BehindEntries(string prefix) => [.. Entry(prefix), 0xFF];

    /// <summary>The running index of a block's first record, when it is a block of this shard.</summary>
    public static bool TryReadBlock(ReadOnlySpan<byte> key, ShardKey shard, out ulong firstIndex)
    {
        firstIndex = 0;
        if (key.Length != BlockLength || key[0] != BlockKind
            || BinaryPrimitives.ReadUInt32BigEndian(key[1..]) != shard.Stream || BinaryPrimitives.ReadInt32BigEndian(key[5..]) != shard.Index)
            return false;
        firstIndex = BinaryPrimitives.ReadUInt64BigEndian(key[9..]);
        return true;
    }

    /// <summary>The stream whose document this is.</summary>
    public static bool TryReadStream(ReadOnlySpan<byte> key, out uint stream)
    {
        stream = 0;
        if (key.Length != 5 || key[0] != StreamKind)
            return false;
        stream = BinaryPrimitives.ReadUInt32BigEndian(key[1..]);
        return true;
    }

    private static byte[] StreamPart(byte kind, uint stream)
    {
        byte[] key = new byte[5];
        key[0] = kind;
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(1), stream);
        return key;
    }

    private static void WriteShard(Span<byte> key, byte kind, ShardKey shard)
    {
        key[0] = kind;
        BinaryPrimitives.WriteUInt32BigEndian(key[1..], shard.Stream);
        BinaryPrimitives.WriteInt32BigEndian(key[5..], shard.Index);
    }
}

/// <summary>A shard of a stream: streams are told apart by a number that is never used again, whatever their names.</summary>
internal readonly record struct ShardKey(uint Stream, int Index);
