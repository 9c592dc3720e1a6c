using System.Buffers;

namespace LambdaStreamRunner.Core.Streams;

/// <summary>A run of records in the log of a shard, linked to the run after it.</summary>
/// <remarks>
/// Its memory is its whole capacity from the beginning and a segment is linked only when the one before is full, so
/// nothing that a reader has seen ever changes; how many records are there is said by <see cref="ShardLog.Count"/>.
/// </remarks>
internal sealed class RecordSegment : ReadOnlySequenceSegment<StreamRecord>
{
    /// <summary>Most records of a segment: memory comes back by whole segments.</summary>
    public const int CapacityMax = 1024;

    private const int CapacityMin = 4;

    /// <summary>Bytes that a segment is meant for: memory comes back by whole segments, so few large records must not share one for long.</summary>
    private const long RawLengthAim = 4 << 20;

    private readonly ArraySegment<StreamRecord> _records;
    private long _rawLength;

    private RecordSegment(long runningIndex, ArraySegment<StreamRecord> records)
    {
        _records = records;
        Memory = records;
        RunningIndex = runningIndex;
    }

    /// <summary>The record with this ordinal, which must be in this segment and below the count of the log.</summary>
    public ref readonly StreamRecord this[long ordinal] => ref _records.AsSpan()[(int)(ordinal - RunningIndex)];

    /// <summary>Ordinal after the last record that fits.</summary>
    public long End => RunningIndex + _records.Count;

    /// <summary>Bytes of keys and payloads; readers may see it too high, never too low for what they can see.</summary>
    public long RawLength => Volatile.Read(ref _rawLength);

    /// <summary>The segment after this one.</summary>
    public RecordSegment? Successor => (RecordSegment?)Next;

    /// <summary>The first segment of a log, or the first after all before it were trimmed: small, since most shards stay idle.</summary>
    public static RecordSegment First(long runningIndex) => new(runningIndex, new StreamRecord[CapacityMin]);

    /// <summary>Links a segment of twice the size, up to the limit; smaller when records are large.</summary>
    /// <param name="memory">Gives segments of the largest size.</param>
    public RecordSegment Extend(StreamMemory memory)
    {
        long fitting = Math.Max(CapacityMin, RawLengthAim * _records.Count / Math.Max(1, _rawLength));
        int capacity = (int)Math.Min(fitting, Math.Min(_records.Count * 2, CapacityMax));
        var next = new RecordSegment(End, capacity == CapacityMax ? memory.AllocateRecords(capacity) : new StreamRecord[capacity]);
        Next = next;
        return next;
    }

    /// <summary>Writes a record that is not published yet. Writer only.</summary>
    public void Set(long ordinal, in StreamRecord record)
    {
        _records.AsSpan()[(int)(ordinal - RunningIndex)] = record;
        Volatile.Write(ref _rawLength, _rawLength + record.RawLength);
    }

    /// <summary>Forgets the bytes of records that were never published and never will be; returns what they cost. Writer only.</summary>
    public long Cut(long first, long end)
    {
        long bytes = 0;
        for (long ordinal = first; ordinal < end; ordinal++)
            bytes += this[ordinal].RawLength;
        Volatile.Write(ref _rawLength, _rawLength - bytes);
        return bytes + ((end - first) * ShardLog.RecordOverhead);
    }
}
