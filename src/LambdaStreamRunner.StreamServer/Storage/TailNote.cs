using System.Buffers.Binary;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>Where a shard stood when its last block was trimmed, as it is kept.</summary>
internal static class TailNote
{
    public static byte[] Write(ShardTail tail)
    {
        byte[] note = new byte[24];
        BinaryPrimitives.WriteInt64BigEndian(note, tail.RecordCount);
        BinaryPrimitives.WriteUInt64BigEndian(note.AsSpan(8), tail.LastIndex);
        BinaryPrimitives.WriteInt64BigEndian(note.AsSpan(16), tail.LastArrivalMilliseconds);
        return note;
    }

    public static ShardTail Read(ReadOnlySpan<byte> note) => note.Length == 24
        ? new ShardTail(
            BinaryPrimitives.ReadInt64BigEndian(note), BinaryPrimitives.ReadUInt64BigEndian(note[8..]), BinaryPrimitives.ReadInt64BigEndian(note[16..]))
        : throw RecordBlock.Damaged();
}
