using System.Buffers;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>The records that one request put on one shard, as they are kept: a header, then the records one after the other.</summary>
/// <remarks>
/// All numbers are varints, and of running index and arrival only the difference to the record before is kept; the index of
/// the first record is in the key. Sequence numbers are built again from shard, index and arrival, key hashes from the keys.
/// </remarks>
internal readonly struct RecordBlock
{
    private const int VarintLengthMax = 10;

    private readonly byte[] _content;
    private readonly int _records;                            // where the first record begins

    private RecordBlock(byte[] content, int records, ulong firstIndex, long firstOrdinal, int count, long firstArrival, long lastArrival)
    {
        (_content, _records, FirstIndex) = (content, records, firstIndex);
        (FirstOrdinal, Count, FirstArrivalMilliseconds, LastArrivalMilliseconds) = (firstOrdinal, count, firstArrival, lastArrival);
    }

    /// <summary>Running index of the first record.</summary>
    public ulong FirstIndex { get; }

    /// <summary>The place of the first record among all that were ever put on the shard.</summary>
    public long FirstOrdinal { get; }

    /// <summary>Records.</summary>
    public int Count { get; }

    /// <summary>When the first record arrived.</summary>
    public long FirstArrivalMilliseconds { get; }

    /// <summary>When the last record arrived.</summary>
    public long LastArrivalMilliseconds { get; }

    /// <summary>The place behind the last record.</summary>
    public long EndOrdinal => FirstOrdinal + Count;

    /// <summary>Writes records, at least one, into a buffer from the shared pool; the caller gives it back.</summary>
    public static ArraySegment<byte> Encode(in ReadOnlySequence<StreamRecord> records, long firstOrdinal)
    {
        long length = 4 * VarintLengthMax;
        foreach (ReadOnlyMemory<StreamRecord> part in records)
        {
            foreach (ref readonly StreamRecord record in part.Span)
                length += record.RawLength + (4 * VarintLengthMax);
        }
        byte[] buffer = ArrayPool<byte>.Shared.Rent(checked((int)length));
        return new ArraySegment<byte>(buffer, 0, Encode(records, firstOrdinal, buffer));
    }

    /// <summary>Reads the header.</summary>
    /// <exception cref="StorageException">This is no block.</exception>
    public static RecordBlock Open(ulong firstIndex, byte[] content)
    {
        var reader = new VarintReader(content);
        long ordinal = (long)reader.Read();
        ulong count = reader.Read();
        long first = (long)reader.Read();
        long last = first + (long)reader.Read();
        if (count is 0 or > int.MaxValue)
            throw Damaged();
        return new RecordBlock(content, reader.Position, firstIndex, ordinal, (int)count, first, last);
    }

    /// <summary>Reads the records; those before some place are passed over at little cost.</summary>
    /// <param name="shard">The shard that they are of.</param>
    /// <param name="isBefore">Says of a number and an arrival whether the record is passed over; asked until it says no.</param>
    /// <param name="firstOrdinal">The place of the first record that is returned.</param>
    public StreamRecord[] Read(Shard shard, Func<SequenceNumber, long, bool> isBefore, out long firstOrdinal)
    {
        var reader = new VarintReader(_content, _records);
        ulong index = FirstIndex;
        long arrival = FirstArrivalMilliseconds;
        StreamRecord[] records = [];
        int found = 0;
        firstOrdinal = EndOrdinal;
        for (int i = 0; i < Count; i++)
        {
            index += reader.Read();
            arrival += (long)reader.Read();
            int keyLength = reader.ReadLength();
            int dataLength = reader.ReadLength();
            int offset = reader.Skip(keyLength + dataLength);
            SequenceNumber number = shard.NumberOf(index, arrival);
            if (found == 0)
            {
                if (isBefore(number, arrival))
                    continue;
                firstOrdinal = FirstOrdinal + i;
                records = new StreamRecord[Count - i];
            }
            UInt128 hash = HashKeyRange.HashOf(_content.AsSpan(offset, keyLength));
            records[found++] = new StreamRecord(number, hash, arrival, _content, offset, keyLength, dataLength);
        }
        return records;
    }

    /// <summary>Where the shard stands after these records.</summary>
    public ShardTail Tail()
    {
        var reader = new VarintReader(_content, _records);
        ulong index = FirstIndex;
        for (int i = 0; i < Count; i++)
        {
            index += reader.Read();
            reader.Read();
            reader.Skip(reader.ReadLength() + reader.ReadLength());
        }
        return new ShardTail(EndOrdinal, index, LastArrivalMilliseconds);
    }

    private static int Encode(in ReadOnlySequence<StreamRecord> records, long firstOrdinal, byte[] buffer)
    {
        StreamRecord first = records.FirstSpan[0];
        StreamRecord last = records.Slice(records.Length - 1).FirstSpan[0];
        var writer = new VarintWriter(buffer);
        writer.Write((ulong)firstOrdinal);
        writer.Write((ulong)records.Length);
        writer.Write((ulong)first.ArrivalMilliseconds);
        writer.Write((ulong)(last.ArrivalMilliseconds - first.ArrivalMilliseconds));
        ulong index = first.SequenceNumber.Index;
        long arrival = first.ArrivalMilliseconds;
        foreach (ReadOnlyMemory<StreamRecord> part in records)
        {
            foreach (ref readonly StreamRecord record in part.Span)
            {
                writer.Write(record.SequenceNumber.Index - index);
                writer.Write((ulong)(record.ArrivalMilliseconds - arrival));
                (index, arrival) = (record.SequenceNumber.Index, record.ArrivalMilliseconds);
                writer.Write((ulong)record.Key.Length);
                writer.Write((ulong)record.DataLength);
                writer.Write(record.Key);
                writer.Write(record.Data.Span);
            }
        }
        return writer.Position;
    }

    internal static StorageException Damaged() => new("A block of records in the data folder is damaged.");
}
