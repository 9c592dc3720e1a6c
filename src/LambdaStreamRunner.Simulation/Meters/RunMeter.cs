using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation.Meters;

/// <summary>Counts along with one run. Times are ticks since the beginning of the traffic.</summary>
/// <remarks>What happens before the end of the warm-up moves lanes and concurrency, and counts into no figure.</remarks>
internal sealed class RunMeter(SimulationPlan plan, PoisonRecords poison)
{
    private readonly int _lanesPerShard = plan.Setting.Mapping.ParallelizationFactor;
    private readonly long _countsFrom = (plan.From + plan.WarmUp).Ticks;
    private readonly List<ReadTimes> _reads = [];
    private readonly List<LaneMeter> _lanes = [];
    private readonly Dictionary<FlushReason, long> _closedBy = [];
    private int _firstOpen;
    private long _gathered;
    private long _gatheredRecords;
    private int _largest;

    public DurationMeter IteratorAge { get; } = new();

    public DurationMeter Latency { get; } = new();

    public DurationMeter Poll { get; } = new();

    public DurationMeter Window { get; } = new();

    public DurationMeter Waiting { get; } = new();

    public DurationMeter Handler { get; } = new();

    public DurationMeter Retry { get; } = new();

    public ConcurrencyMeter Concurrency { get; } = new(plan.From.Ticks, (plan.From + plan.WarmUp).Ticks);

    public CourseMeter? Course { get; init; }

    public LittlesLaw Law { get; } = new(plan.From.Ticks);

    public IReadOnlyList<LaneMeter> Lanes => _lanes;

    public long Succeeded { get; private set; }

    public long Discarded { get; private set; }

    public long DiscardedByAge { get; private set; }

    public long InnocentCasualties { get; private set; }

    public long Deliveries { get; private set; }

    public long DuplicateDeliveries { get; private set; }

    public long Invocations { get; private set; }

    public long FailedInvocations { get; private set; }

    public long Throttles { get; private set; }

    public long BilledTicks { get; private set; }

    public long Retries { get; private set; }

    /// <summary>Records that are done with, the warm-up's included.</summary>
    public long Resolved { get; private set; }

    /// <summary>When the last of them was.</summary>
    public long LastResolved { get; private set; }

    /// <summary>When the last thing happened that figures tell of: a record was done with, or an invocation ended.</summary>
    public long End { get; private set; } = plan.From.Ticks;

    /// <summary>Shards are there from now on, each with its lanes; those before are closed.</summary>
    public void Open(int shards, long now)
    {
        foreach (LaneMeter lane in _lanes.Where(lane => lane.Shard >= _firstOpen))
            lane.Close(now);
        _firstOpen = _lanes.Count / _lanesPerShard;
        for (int added = 0; added < shards * _lanesPerShard; added++)
            _lanes.Add(new LaneMeter(_lanes.Count / _lanesPerShard, _lanes.Count % _lanesPerShard, Math.Max(now, _countsFrom)));
        LanesMax = Math.Max(LanesMax, shards * _lanesPerShard);
    }

    /// <summary>What functions and machines had counted when the warm-up ended.</summary>
    public (long ColdStarts, long Bisections) WarmUp { get; private set; }

    public void EndWarmUp(long coldStarts, long bisections) => WarmUp = (coldStarts, bisections);

    /// <summary>Most lanes that were open at the same time.</summary>
    public int LanesMax { get; private set; }

    public BatchFigures Batches => new(_gathered, _gathered == 0 ? 0 : (double)_gatheredRecords / _gathered, _largest, _closedBy.ToImmutableDictionary());

    public void Read(SimulatedShard shard, ReadCursor cursor, ReadOnlySequence<StreamRecord> records, long now)
    {
        if (cursor is not ReadCursor.Main || records.IsEmpty)
            return;
        ReadOnlySpan<StreamRecord> last = records.Slice(records.Length - 1).FirstSpan;
        ReadsOf(shard.Index).Add(last[0].SequenceNumber.Index, now);
    }

    public void Started(SimulatedInvocation invocation, bool runs, long now)
    {
        Batch batch = invocation.Batch;
        LaneOf(invocation.Shard.Index, batch.Lane).Start(batch, now);
        if (batch.IsNewlyGathered && now >= _countsFrom)
            Gather(batch.Records.Length, batch.ClosedBy);
        if (!runs)
            return;
        ChangeConcurrency(1, now);
        if (batch.Records.IsEmpty)
            return;
        long age = now - ArrivalNumbers.TicksOf(in batch.Records.Span[^1]);
        Course?.Handed(now, age);
        if (now >= _countsFrom)
            IteratorAge.Record(age);
    }

    public void Ended(SimulatedInvocation invocation, BatchOutcome outcome, long now)
    {
        Batch batch = invocation.Batch;
        LaneMeter lane = LaneOf(invocation.Shard.Index, batch.Lane);
        bool ran = outcome is not BatchOutcome.Throttled;
        lane.End(now, ran);
        End = Math.Max(End, now);
        Course?.Ended(new LaneSpan(lane.Shard, lane.Lane, new TimeSpan(lane.StartedAt), new TimeSpan(now), batch.Records.Length, batch.Attempt, Of(outcome)));
        if (!ran)
        {
            Throttles += lane.StartedAt >= _countsFrom ? 1 : 0;
            return;
        }
        ChangeConcurrency(-1, now);
        Law.Ran(now - lane.StartedAt);
        ReadOnlySpan<StreamRecord> records = batch.Records.Span;
        int repeated = lane.CountRepeated(records);
        int settled = outcome switch
        {
            BatchOutcome.Succeeded => records.Length,
            BatchOutcome.PartlyFailed partly => partly.LowestFailedIndex,
            _ => 0,
        };
        if (outcome is not BatchOutcome.Succeeded)
            lane.Fail(now);
        Settle(lane, records[..settled], now);
        if (lane.StartedAt < _countsFrom)
            return;
        Invocations++;
        Retries += batch.Attempt > 1 ? 1 : 0;
        BilledTicks += RoundUp(now - lane.StartedAt);
        Deliveries += records.Length;
        DuplicateDeliveries += repeated;
        FailedInvocations += outcome is BatchOutcome.Succeeded ? 0 : 1;
    }

    public void GaveUp(DiscardedBatch batch, long now)
    {
        ReadOnlySpan<StreamRecord> records = batch.Records.AsSpan();
        bool isByAge = batch.Reason is DiscardReason.RecordAgeExceeded;
        bool hasCulprit = !isByAge && poison.FirstIn(records) >= 0;
        foreach (ref readonly StreamRecord record in records)
        {
            long arrived = ArrivalNumbers.TicksOf(in record);
            Law.Resolved(1, arrived, now);
            if (arrived < _countsFrom)
                continue;
            Discarded++;
            DiscardedByAge += isByAge ? 1 : 0;
            InnocentCasualties += hasCulprit && !poison.Contains(in record) ? 1 : 0;
        }
        Resolve(records.Length, now);
        if (records.IsEmpty)
            return;
        int shard = records[0].SequenceNumber.ShardIndex;
        for (int lane = 0; lane < _lanesPerShard; lane++)
            LaneOf(shard, lane).Discard(batch.RequestId, now);
    }

    /// <summary>Everything below a number is settled.</summary>
    public void Forget(SimulatedShard shard, SequenceNumber below)
    {
        int moved = ReadsOf(shard.Index).Forget(below.Index);
        for (int lane = 0; moved > 0 && lane < _lanesPerShard; lane++)
            LaneOf(shard.Index, lane).PageHint -= moved;
    }

    // Records that were read together waited equally long, so they are counted together but for their arrival.
    private void Settle(LaneMeter lane, ReadOnlySpan<StreamRecord> records, long now)
    {
        if (records.IsEmpty)
            return;
        ReadTimes reads = ReadsOf(lane.Shard);
        lane.Settle(records.Length);
        Resolve(records.Length, now);
        for (int next = 0; next < records.Length;)
        {
            ReadTimes.Page page = reads.Of(records[next].SequenceNumber.Index, ref lane.PageHint);
            int begin = next;
            int uncounted = 0;
            Int128 arrivals = 0;
            while (next < records.Length && records[next].SequenceNumber.Index <= page.LastIndex)
            {
                long arrived = ArrivalNumbers.TicksOf(in records[next++]);
                arrivals += arrived;
                if (arrived < _countsFrom)
                {
                    uncounted++;
                    continue;
                }
                Latency.Record(now - arrived);
                Poll.Record(page.Ticks - arrived);
            }
            Law.Resolved(next - begin, arrivals, now);
            if (next - begin > uncounted)
                SettleTogether(lane, page.Ticks, next - begin - uncounted, now);
        }
    }

    private void SettleTogether(LaneMeter lane, long readAt, int records, long now)
    {
        Succeeded += records;
        long free = Math.Clamp(lane.FreeSince, readAt, Math.Max(readAt, lane.GatheredAt));
        Waiting.Record(free - readAt, records);
        Window.Record(lane.GatheredAt - free, records);
        Retry.Record(lane.StartedAt - lane.GatheredAt, records);
        Handler.Record(now - lane.StartedAt, records);
    }

    // AWS bills every millisecond that has begun.
    private static long RoundUp(long ticks) => (ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond;

    private void Gather(int records, FlushReason? reason)
    {
        _gathered++;
        _gatheredRecords += records;
        _largest = Math.Max(_largest, records);
        if (reason is { } known)                              // what is left of a batch whose first records were too old has none
            _closedBy[known] = _closedBy.GetValueOrDefault(known) + 1;
    }

    private void Resolve(int records, long now)
    {
        Resolved += records;
        LastResolved = now;
        End = Math.Max(End, now);
        Course?.Settled(records, now);
    }

    private void ChangeConcurrency(int by, long now)
    {
        Concurrency.Change(by, now);
        Course?.Running(Concurrency.Running, now);
    }

    private ReadTimes ReadsOf(int shard)
    {
        while (_reads.Count <= shard)
            _reads.Add(new ReadTimes());
        return _reads[shard];
    }

    private LaneMeter LaneOf(int shard, int lane) => _lanes[(shard * _lanesPerShard) + lane];

    private static SpanOutcome Of(BatchOutcome outcome) => outcome switch
    {
        BatchOutcome.Succeeded => SpanOutcome.Succeeded,
        BatchOutcome.PartlyFailed => SpanOutcome.PartlyFailed,
        BatchOutcome.Throttled => SpanOutcome.Throttled,
        _ => SpanOutcome.Failed,
    };
}
