using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>What a lane still has to do of its last batch, as far as can be told from outside.</summary>
/// <remarks>
/// After a reported failure the rest of the batch comes next; after a failure of the whole batch the same records again or,
/// when bisecting, their first half (the smaller one) and then the other. Records that are too old or have left retention go
/// from the front; what is then left counts as never tried.
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html"/>.
/// </remarks>
internal sealed class LaneWork(EventSourceMapping mapping, RecordTable table, DateTimeOffset? began)
{
    private readonly List<LanePart> _parts = [];              // the last one is tried next
    private ReadOnlyMemory<StreamRecord> _batch;

    /// <summary>True while an invocation of the lane runs.</summary>
    public bool IsRunning { get; set; }

    /// <summary>Since when the lane has gathered: the end of its work before, or the begin of its machine; null when nobody said.</summary>
    public DateTimeOffset? GathersSince { get; private set; } = began;

    /// <summary>True once parts of a batch have left retention unseen: then nobody knows when the lane began to gather.</summary>
    public bool HasVanished { get; private set; }

    /// <summary>Times in a row that the end of a tumbling window failed.</summary>
    public int FailedWindowEnds { get; set; }

    /// <summary>The records to be tried next; none when the lane has no work.</summary>
    public ReadOnlySpan<StreamRecord> Next => _parts.Count == 0 ? [] : RecordsOf(_parts[^1]);

    /// <summary>The part to be tried next. The lane has work.</summary>
    public LanePart Top => _parts[^1];

    /// <summary>Begins an attempt at records.</summary>
    public LaneStep Begin(HistoryStep.InvocationStarted started)
    {
        ReadOnlySpan<StreamRecord> records = started.Records.Span;
        DropVanished(records[0].SequenceNumber, started.Time);
        if (_parts.Count == 0)
        {
            Gather(started);
            return LaneStep.NewBatch;
        }
        LanePart part = _parts[^1];
        if (IsSame(records, Next))
            return LaneStep.NextPart;
        if (mapping.TumblingWindow > TimeSpan.Zero && part.Failures == 0 && records.Length < part.Count && IsSame(records, Next[..records.Length]))
        {
            _parts[^1] = part.Without(records.Length);        // the window's state has grown, and the rest does not fit beside it
            _parts.Add(new LanePart(part.Start, records.Length));
            return LaneStep.NextPart;
        }
        _parts.Clear();
        Gather(started);
        return part.IsHalf ? LaneStep.NotTheHalf : LaneStep.NotTheRemainder;
    }

    /// <summary>Gives the part that runs its request id.</summary>
    public void Label(Guid requestId) => _parts[^1] = _parts[^1] with { RequestId = requestId };

    /// <summary>Ends the attempt at the part that was tried.</summary>
    public void End(BatchOutcome outcome, DateTimeOffset time)
    {
        LanePart part = _parts[^1];
        switch (outcome)
        {
            case BatchOutcome.Succeeded:
                Replace(default, time);
                break;
            case BatchOutcome.PartlyFailed { LowestFailedIndex: > 0 } partly:
                Replace(part.Without(partly.LowestFailedIndex), time);
                break;
            case BatchOutcome.Throttled:
                break;
            default:
                Fail(part);
                break;
        }
    }

    /// <summary>True when the lane is about to try this record, first of its batch.</summary>
    public bool IsAbout(in StreamRecord record, DateTimeOffset time)
    {
        if (IsRunning || Next.IsEmpty || record.SequenceNumber < Next[0].SequenceNumber || record.SequenceNumber > RecordsOf(_parts[0])[^1].SequenceNumber)
            return false;
        DropVanished(record.SequenceNumber, time);
        return !Next.IsEmpty && Next[0].SequenceNumber == record.SequenceNumber;
    }

    /// <summary>The first records of the part that would be next are given up.</summary>
    public void Discard(int count, DateTimeOffset time) => Replace(_parts[^1].Without(count), time);

    private void Fail(LanePart part)
    {
        if (!mapping.BisectBatchOnFunctionError || part.Count < 2)
        {
            _parts[^1] = part with { Failures = part.Failures + 1 };
            return;
        }
        int first = part.Count / 2;
        _parts[^1] = new LanePart(part.Start + first, part.Count - first) { IsHalf = true };
        _parts.Add(new LanePart(part.Start, first) { IsHalf = true });
    }

    private void Replace(LanePart part, DateTimeOffset time)
    {
        if (part.Count > 0)
        {
            _parts[^1] = part;
            return;
        }
        _parts.RemoveAt(_parts.Count - 1);
        if (_parts.Count == 0)
            GathersSince = time;
    }

    private void Gather(HistoryStep.InvocationStarted started)
    {
        _batch = started.Records;
        _parts.Add(new LanePart(0, _batch.Length));
    }

    /// <summary>Drops what comes before a record and has left retention: nobody tells of that.</summary>
    private void DropVanished(SequenceNumber next, DateTimeOffset time)
    {
        while (_parts.Count > 0)
        {
            ReadOnlySpan<StreamRecord> records = Next;
            int vanished = 0;
            while (vanished < records.Length && records[vanished].SequenceNumber != next && table.HasLeft(in records[vanished], time))
                vanished++;
            if (vanished > 0)
                HasVanished = true;
            if (vanished < records.Length)
            {
                if (vanished > 0)
                    _parts[^1] = _parts[^1].Without(vanished);
                return;
            }
            _parts.RemoveAt(_parts.Count - 1);
        }
    }

    private ReadOnlySpan<StreamRecord> RecordsOf(LanePart part) => _batch.Span.Slice(part.Start, part.Count);

    private static bool IsSame(ReadOnlySpan<StreamRecord> left, ReadOnlySpan<StreamRecord> right)
    {
        if (left.Length != right.Length)
            return false;
        for (int i = 0; i < left.Length; i++)
        {
            if (left[i].SequenceNumber != right[i].SequenceNumber)
                return false;
        }
        return true;
    }
}

/// <summary>Records of a lane's batch that are tried together.</summary>
/// <param name="Start">Position of the first one in the batch.</param>
/// <param name="Count">How many.</param>
internal readonly record struct LanePart(int Start, int Count)
{
    /// <summary>Times that exactly these failed as a whole.</summary>
    public int Failures { get; init; }

    /// <summary>The id under which they were tried; null before that.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>True when a batch was cut in two.</summary>
    public bool IsHalf { get; init; }

    /// <summary>The part without its first records, as one that was never tried.</summary>
    public LanePart Without(int first) => new(Start + first, Count - first);
}

/// <summary>What a lane has begun.</summary>
internal enum LaneStep
{
    /// <summary>A batch that it has gathered.</summary>
    NewBatch,

    /// <summary>What had to come next.</summary>
    NextPart,

    /// <summary>Something else than what a failed batch left.</summary>
    NotTheRemainder,

    /// <summary>Something else than the half of a failed batch.</summary>
    NotTheHalf,
}
