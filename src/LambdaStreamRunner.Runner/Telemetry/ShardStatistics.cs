using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Measures;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Runner.Telemetry;

/// <summary>Counts what happens at one shard of a mapping, and lets the checker see it.</summary>
/// <remarks>
/// Only the shard's pump writes, without locks; <see cref="MappingStatistics"/> reads from other threads and may see a
/// count that is a moment old. The pump tells things in the order in which they happened: a finished batch before the
/// machine's decisions about it.
/// </remarks>
public sealed class ShardStatistics
{
    private static readonly int FlushReasons = Enum.GetValues<FlushReason>().Length;

    private readonly MappingStatistics _mapping;
    private readonly long[] _flushes = new long[FlushReasons];
    private readonly Dictionary<int, long> _ages = [];        // by lane: of the batch that is handed over
    private bool _hasMachine;

    internal ShardStatistics(MappingStatistics mapping, ShardPromises promises)
    {
        _mapping = mapping;
        Checker = new ShardChecker(promises);
    }

    /// <summary>What the handler really saw of this shard.</summary>
    public ShardChecker Checker { get; }

    internal long Read { get; private set; }

    internal long Succeeded { get; private set; }

    internal long Filtered { get; private set; }

    internal long Discarded { get; private set; }

    internal long DiscardsUndelivered { get; private set; }

    internal long Invocations { get; private set; }

    internal long InvokedRecords { get; private set; }

    internal int BatchSizeMax { get; private set; }

    internal long FailedInvocations { get; private set; }

    internal long Throttles { get; private set; }

    internal long Retries { get; private set; }

    internal long Bisections { get; private set; }

    internal long LastIteratorAge { get; private set; }

    internal LatencyHistogram IteratorAge { get; } = new();

    internal LatencyHistogram Latency { get; } = new();

    internal long Settled => Succeeded + Filtered + Discarded;

    internal long FlushesBy(FlushReason reason) => _flushes[(int)reason];

    /// <summary>The main cursor has read records. What the catch-up cursor reads is known already.</summary>
    public void RecordsRead(int count)
    {
        if (count == 0)
            return;
        Read += count;
        _mapping.NoteRecords();
    }

    /// <summary>No filter wanted these records: they are settled, and no function will see them.</summary>
    public void RecordsFiltered(ReadOnlySpan<StreamRecord> records)
    {
        Filtered += records.Length;
        Checker.Filtered(records);
        _mapping.NoteSettlement();
    }

    /// <summary>Lets the mapping know which of its executions run at the same time: only who runs them knows which were throttled.</summary>
    internal void CountExecutionsOf(FunctionMetrics function) => function.Executions = _mapping;

    /// <summary>A batch is handed to the function.</summary>
    public void BatchStarted(Batch batch)
    {
        ReadOnlySpan<StreamRecord> records = batch.Records.Span;
        Checker.DeliveryStarted(batch.RequestId, records);
        if (batch.ClosedBy is { } reason)
            _flushes[(int)reason]++;
        if (records.IsEmpty)                                  // the end of a tumbling window
            return;
        LastIteratorAge = Math.Max(0, _mapping.NowMilliseconds - records[^1].ArrivalMilliseconds);
        _ages[batch.Lane] = LastIteratorAge;                  // counted when it turns out that the function got it
    }

    /// <summary>The function is done with a batch; told before the machine takes the lease back.</summary>
    public void BatchFinished(Batch batch, BatchOutcome outcome)
    {
        ReadOnlySpan<StreamRecord> records = batch.Records.Span;
        Checker.DeliveryEnded(batch.RequestId, outcome);
        bool hasAge = _ages.Remove(batch.Lane, out long age);
        if (outcome is BatchOutcome.Throttled)
        {
            Throttles++;
            return;
        }
        _mapping.NoteResult(outcome is BatchOutcome.Failed ? MappingStatistics.FunctionCallFailed : MappingStatistics.Ok);
        if (hasAge)
            IteratorAge.Record(age);
        CountInvocation(batch.Attempt, records.Length, outcome);
        int settled = outcome switch
        {
            BatchOutcome.Succeeded => records.Length,
            BatchOutcome.PartlyFailed partly => partly.LowestFailedIndex,
            _ => 0,
        };
        Succeeded += settled;
        Settle(records[..settled]);
    }

    /// <summary>The machine has given records up; they are settled once their destination has them.</summary>
    public void DiscardDecided(DiscardedBatch batch) => Checker.Discarded(batch.Records.AsSpan());

    /// <summary>The destination has the records, or none is configured.</summary>
    public void DiscardDelivered(DiscardedBatch batch)
    {
        Checker.DiscardSettled(batch.Records.AsSpan());
        Discarded += batch.Records.Length;
        Settle(batch.Records.AsSpan());
    }

    /// <summary>Delivery to the destination has failed for good: the records are discarded all the same.</summary>
    public void DiscardFailed(DiscardedBatch batch)
    {
        DiscardsUndelivered += batch.Records.Length;
        DiscardDelivered(batch);
    }

    /// <summary>A checkpoint is stored.</summary>
    public void CheckpointSaved(ShardPosition position) => Checker.CheckpointSaved(position);

    /// <summary>A machine begins at this position, the first one or a new one.</summary>
    public void Begins(ShardPosition from)
    {
        _ages.Clear();
        if (_hasMachine)
            Restarted(from);
        _hasMachine = true;
    }

    /// <summary>A new machine begins at this position, by the settings of now; what was read and not settled will be read again.</summary>
    public void Restarted(ShardPosition from)
    {
        Read = Settled;
        Checker.Restarted(from, _mapping.PromisesOf(Checker.ShardId));
    }

    private void CountInvocation(int attempt, int recordCount, BatchOutcome outcome)
    {
        Invocations++;
        InvokedRecords += recordCount;
        BatchSizeMax = Math.Max(BatchSizeMax, recordCount);
        if (attempt > 1)
            Retries++;
        if (outcome is BatchOutcome.Succeeded)
            return;

        FailedInvocations++;
        bool failedAsWhole = outcome is BatchOutcome.Failed or BatchOutcome.PartlyFailed { LowestFailedIndex: 0 };
        if (failedAsWhole && recordCount > 1 && _mapping.Settings.BisectBatchOnFunctionError)
            Bisections++;
    }

    private void Settle(ReadOnlySpan<StreamRecord> records)
    {
        if (records.IsEmpty)
            return;
        long now = _mapping.NowMilliseconds;
        foreach (ref readonly StreamRecord record in records)
            Latency.Record(now - record.ArrivalMilliseconds);
        _mapping.NoteSettlement();
    }
}
