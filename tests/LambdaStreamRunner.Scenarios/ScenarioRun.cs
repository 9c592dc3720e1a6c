using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Scenarios;

/// <summary>What happened in a scenario, in its notation.</summary>
internal sealed class ScenarioRun(Scenario scenario, SimulatedShard[] shards, SimulationLoop loop)
{
    public SimulationLoop Loop { get; } = loop;

    /// <summary>Calls of the function; throttled tries are none.</summary>
    public IReadOnlyList<Invocation> Calls =>
        [.. Loop.History.Invocations.Where(invocation => invocation.Outcome is not BatchOutcome.Throttled)];

    public string Invocations => Notation.Invocations(Calls);

    public string InvocationsOfLane(int lane) => Notation.Invocations(CallsOfLane(lane));

    public string InvocationsOfShard(int shard) => Notation.Invocations(Calls.Where(call => call.ShardId == shards[shard].Id));

    public IEnumerable<Invocation> CallsOfLane(int lane) => Calls.Where(call => call.Lane == lane);

    public int Throttles => Loop.History.Invocations.Count(invocation => invocation.Outcome is BatchOutcome.Throttled);

    /// <summary>The calls with their tumbling windows: <c>[1-2] 10-20 {} </c>, then <c>final</c> or <c>early</c>.</summary>
    public string[] WindowCalls => [.. Calls.Select(Notation.Window)];

    /// <summary>When the calls began, in seconds.</summary>
    public string Starts => string.Join(' ', Calls.Select(call => Notation.Seconds(call.Time)));

    public string StartsOfLane(int lane) => string.Join(' ', CallsOfLane(lane).Select(call => Notation.Seconds(call.Time)));

    /// <summary>When the last call ended, in seconds.</summary>
    public string End => Notation.Seconds(Calls.Max(call => call.End!.Value));

    /// <summary>The request ids of the calls, each new one the next letter.</summary>
    public string RequestIds => string.Join(' ', Calls.Select(call => LetterOf(call.RequestId)));

    /// <summary>The failure records.</summary>
    public string[] Discards => [.. Loop.History.Discards.Select(discard => Notation.Discard(discard.Batch))];

    /// <summary>When they were sent, in seconds.</summary>
    public string DiscardTimes => string.Join(' ', Loop.History.Discards.Select(discard => Notation.Seconds(discard.Time)));

    /// <summary>The request ids of the failure records; ? for one that no call had.</summary>
    public string DiscardIds => string.Join(' ', Loop.History.Discards.Select(discard => LetterOf(discard.Batch.RequestId)));

    /// <summary>The checkpoints of the first shard, each as the number of records before it and its time: <c>10@0.5</c>.</summary>
    public string Checkpoints => string.Join(' ', Loop.History.Checkpoints
        .Where(saved => saved.ShardId == shards[0].Id)
        .Select(saved => $"{RecordsBefore(saved.Checkpoint)}@{Notation.Seconds(saved.Time)}"));

    /// <summary>Records before the last checkpoint of the first shard.</summary>
    public int Checkpoint => Loop.Checkpoints.TryGetValue(0, out ShardCheckpoint? checkpoint) ? RecordsBefore(checkpoint) : 0;

    /// <summary>Most calls under way at one time; one that ends makes room for one that begins at the same moment.</summary>
    public int MaxConcurrency
    {
        get
        {
            (int running, int most) = (0, 0);
            var calls = new HashSet<HistoryStep>(Calls.SelectMany(call => new HistoryStep?[] { call.Started, call.Ended }).OfType<HistoryStep>(), ReferenceEqualityComparer.Instance);
            foreach (HistoryStep step in Loop.History.Steps.Where(calls.Contains))
                most = Math.Max(most, running += step is HistoryStep.InvocationStarted ? 1 : -1);
            return most;
        }
    }

    /// <summary>Why and when the machines were done: <c>ShardEnd@3</c>.</summary>
    public string Closings => string.Join(' ', Loop.History.Steps.OfType<HistoryStep.MachineClosed>().Select(closed => $"{closed.Reason}@{Notation.Seconds(closed.Time)}"));

    /// <summary>Numbers that the machine of the first shard knows.</summary>
    public ShardCounters Counters => Loop.MachineOf(shards[0]).Counters;

    /// <summary>Records that the machine of the first shard has read and not resolved.</summary>
    public int HeldRecords => Loop.MachineOf(shards[0]).GetStatus().HeldRecords;

    public void RunUntil(double seconds) => Loop.RunUntil(Scenario.Start.AddSeconds(seconds));

    /// <summary>Puts records now.</summary>
    public void Put(int count) => scenario.PutNow(this, count);

    /// <summary>Disables the mapping, and waits until it is.</summary>
    public void Disable()
    {
        Loop.Stop(StopMode.SettleInFlight);
        Loop.RunUntilIdle();
    }

    private int RecordsBefore(ShardCheckpoint checkpoint)
    {
        int records = 0;
        foreach (ref readonly StreamRecord record in shards[0].Records)
        {
            int order = record.SequenceNumber.CompareTo(checkpoint.Position.SequenceNumber);
            if (order < 0 || (order == 0 && checkpoint.Position.Type is ShardIteratorType.AfterSequenceNumber))
                records++;
        }
        return records;
    }

    private string LetterOf(Guid requestId)
    {
        int index = Array.IndexOf([.. Calls.Select(call => call.RequestId).Distinct()], requestId);
        return index < 0 ? "?" : ((char)('A' + index)).ToString();
    }
}
