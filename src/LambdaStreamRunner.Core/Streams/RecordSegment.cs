using System.Buffers;

namespace LambdaStreamRunner.Core.Streams;

/// <summary>A run of records in the log of a shard, linked to the run after it.</summary>
/// <remarks>
/// Its memory is its whole capacity from the beginning and a segment is linked only when the one before is full, so
/// nothing that a reader has seen ever changes; how many records are there is said by <see cref="ShardLog.Count"/>.
/// </remarks>
internal sealed class RecordSegment : ReadOnlySequenceSegment<StreamRecord>
{
    /// <summary>Most records of a segment: as many as stay out of the large object heap.</summary>
    public const int CapacityMax = 1024;

    private const int CapacityMin = 4;

    /// <summary>Bytes that a segment is meant for: memory comes back by whole segments, so few large records must not share one for long.</summary>
    private const long RawLengthAim = 4 << 20;

    private long _rawLength;

    private RecordSegment(long runningIndex, int capacity)
    {
        Records = new StreamRecord[capacity];
        Memory = Records;
        RunningIndex = runningIndex;
    }

    /// <summary>The records; only those below the count of the log may be read.</summary>
    public StreamRecord[] Records { get; }

    /// <summary>Ordinal after the last record that fits.</summary>
    public long End => RunningIndex + Records.Length;

    /// <summary>Bytes of keys and payloads; readers may see it too high, never too low for what they can see.</summary>
    public long RawLength => Volatile.Read(ref _rawLength);

    /// <summary>The segment after this one.</summary>
    public RecordSegment? Successor => (RecordSegment?)Next;

    /// <summary>The first segment of a log, or the first after all before it were trimmed: small, since most shards stay idle.</summary>
    public static RecordSegment First(long runningIndex) => new(runningIndex, CapacityMin);

    /// <summary>Links a segment of twice the size, up to the limit; smaller when records are large.</summary>
    public RecordSegment Extend()
    {
        long fitting = Math.Max(CapacityMin, RawLengthAim * Records.Length / Math.Max(1, _rawLength));
        var next = new RecordSegment(End, (int)Math.Min(fitting, Math.Min(Records.Length * 2, CapacityMax)));
        Next = next;
        return next;
    }

    /// <summary>Writes a record that is not published yet. Writer only.</summary>
    public void Set(int index, in StreamRecord record)
    {
        Records[index] = record;
        Volatile.Write(ref _rawLength, _rawLength + record.RawLength);
    }

    /// <summary>Forgets the bytes of records that were never published and never will be; returns what they cost. Writer only.</summary>
    public long Cut(int first, int end)
    {
        long bytes = 0;
        for (int i = first; i < end; i++)
            bytes += Records[i].RawLength;
        Volatile.Write(ref _rawLength, _rawLength - bytes);
        return bytes + ((long)(end - first) * ShardLog.RecordOverhead);
    }
}
