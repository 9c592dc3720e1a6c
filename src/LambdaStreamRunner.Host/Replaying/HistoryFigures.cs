using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Host.Replaying;

/// <summary>What happened to a mapping, in numbers.</summary>
internal sealed class HistoryFigures
{
    private readonly SortedDictionary<string, ShardFigures> _shards = new(StringComparer.Ordinal);
    private readonly Dictionary<(string ShardId, Guid RequestId), HistoryStep.InvocationStarted> _running = [];

    public HistoryFigures(IEnumerable<HistoryStep> steps)
    {
        foreach (HistoryStep step in steps)
            Take(step);
    }

    public IEnumerable<ShardFigures> Shards => _shards.Values;

    public int Records => _shards.Values.Sum(shard => shard.Arrived.Count);

    public int Unsettled => _shards.Values.Sum(shard => shard.Unsettled);

    public int Filtered => _shards.Values.Sum(shard => shard.Filtered);

    public int Discarded => _shards.Values.Sum(shard => shard.Discarded);

    public int Starts => _shards.Values.Sum(shard => shard.Starts);

    public IEnumerable<LaneFigures> Lanes => _shards.Values.SelectMany(shard => shard.Lanes.Values);

    private void Take(HistoryStep step)
    {
        if (!_shards.TryGetValue(step.ShardId, out ShardFigures? shard))
            _shards.Add(step.ShardId, shard = new ShardFigures(step.ShardId));
        switch (step)
        {
            case HistoryStep.RecordArrived arrived:
                shard.Arrived.Add(arrived.Record.SequenceNumber);
                break;
            case HistoryStep.MachineBegan:
                shard.Starts++;
                break;
            case HistoryStep.InvocationStarted started:
                _running[(step.ShardId, started.RequestId)] = started;
                break;
            case HistoryStep.InvocationEnded ended when _running.Remove((step.ShardId, ended.RequestId), out HistoryStep.InvocationStarted? began):
                shard.Count(began, ended);
                break;
            case HistoryStep.Filtered filtered:
                shard.Filtered += filtered.Records.Length;
                shard.Settle(filtered.Records.Span);
                break;
            case HistoryStep.DiscardSettled discarded:
                shard.Discarded += discarded.Batch.Records.Length;
                shard.Settle(discarded.Batch.Records.AsSpan());
                break;
            default:
                break;
        }
    }
}

/// <summary>What happened on one shard.</summary>
/// <param name="shardId">The shard.</param>
internal sealed class ShardFigures(string shardId)
{
    private readonly HashSet<SequenceNumber> _settled = [];

    public string ShardId => shardId;

    public HashSet<SequenceNumber> Arrived { get; } = [];

    public SortedDictionary<int, LaneFigures> Lanes { get; } = [];

    public int Unsettled => Arrived.Count(number => !_settled.Contains(number));

    public int Filtered { get; set; }

    public int Discarded { get; set; }

    public int Starts { get; set; }

    public void Settle(ReadOnlySpan<StreamRecord> records)
    {
        foreach (ref readonly StreamRecord record in records)
            _settled.Add(record.SequenceNumber);
    }

    public void Count(HistoryStep.InvocationStarted started, HistoryStep.InvocationEnded ended)
    {
        if (!Lanes.TryGetValue(started.Lane, out LaneFigures? lane))
            Lanes.Add(started.Lane, lane = new LaneFigures(started.Lane));
        if (ended.Outcome is BatchOutcome.Throttled)
        {
            lane.Throttles++;
            return;
        }
        lane.Invocations++;
        lane.Records += started.Records.Length;
        lane.Busy += ended.Time - started.Time;
        int settled = ended.Outcome switch
        {
            BatchOutcome.Succeeded => started.Records.Length,
            BatchOutcome.PartlyFailed partly => Math.Min(partly.LowestFailedIndex, started.Records.Length),
            _ => 0,
        };
        if (ended.Outcome is not BatchOutcome.Succeeded)
            lane.Failed++;
        Settle(started.Records.Span[..settled]);
    }
}

/// <summary>What happened in one lane.</summary>
/// <param name="lane">Its number.</param>
internal sealed class LaneFigures(int lane)
{
    public int Lane => lane;

    public int Invocations { get; set; }

    /// <summary>Records handed to the function, repetitions included.</summary>
    public int Records { get; set; }

    public int Failed { get; set; }

    public int Throttles { get; set; }

    /// <summary>How long the function ran, all invocations together.</summary>
    public TimeSpan Busy { get; set; }
}
