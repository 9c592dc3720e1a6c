using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Scenarios;

/// <summary>A mapping over a stream of one shard (unless it has more), whose records are labelled 1, 2, 3... as they are put.</summary>
internal sealed class Scenario
{
    /// <summary>t = 0.</summary>
    public static readonly DateTimeOffset Start = new SimulationOptions().Start;

    /// <summary>Bytes of the record of reference 7.1 besides its own values: with key order-17, no data and three decimals it takes 536.</summary>
    public const int FixedRecordLength = 402;

    private readonly EventSourceMapping _mapping;
    private readonly List<Action<ScenarioRun>> _plan = [];
    private SimulatedShard[] _shards = [new(0, HashKeyRange.Full)];
    private SimulationOptions _options = new() { Start = Start, FixedRecordLength = FixedRecordLength };
    private int _lastLabel;

    private Scenario(EventSourceMapping mapping) => _mapping = mapping;

    /// <summary>What the function does.</summary>
    public ScriptedFunction Function { get; } = new();

    /// <summary>The record put last.</summary>
    public StreamRecord LastRecord { get; private set; }

    public static Scenario Of(EventSourceMapping mapping) => new(mapping);

    /// <summary>A stream of several shards that divide the hash space evenly.</summary>
    public Scenario Shards(int count)
    {
        UInt128 size = UInt128.MaxValue / (uint)count;
        _shards = [.. Enumerable.Range(0, count).Select(index => new SimulatedShard(
            index, new HashKeyRange((uint)index * size, index == count - 1 ? UInt128.MaxValue : (((uint)index + 1) * size) - 1)))];
        return this;
    }

    /// <summary>Records that all come at the same moment.</summary>
    /// <param name="count">How many.</param>
    /// <param name="at">When they can be read, in seconds; at 0 they wait already.</param>
    /// <param name="age">How old they are then, in seconds.</param>
    /// <param name="bytes">Length of their data.</param>
    /// <param name="key">Their partition key.</param>
    /// <param name="keys">Or their partition keys, used in turn.</param>
    /// <param name="shard">Their shard; otherwise the key decides.</param>
    public Scenario Records(
        int count, double at = 0, double age = 0, int bytes = 0, string key = "order-17", string[]? keys = null, int? shard = null)
    {
        var records = new List<(SimulatedShard Shard, StreamRecord Record)>();
        for (int i = 0; i < count; i++)
            records.Add(Create(keys is null ? key : keys[i % keys.Length], new byte[bytes], Start.AddSeconds(at - age), shard));
        return Plan(records, at);
    }

    /// <summary>Records with this data that all come at the same moment.</summary>
    public Scenario Data(params string[] data) => Data(at: 0, age: 0, data);

    /// <summary>Records with this data that all come at the same moment.</summary>
    public Scenario Data(double at, double age, params string[] data) => Plan(
        [.. data.Select(text => Create("order-17", System.Text.Encoding.UTF8.GetBytes(text), Start.AddSeconds(at - age), shard: 0))], at);

    /// <summary>User records of one aggregated record: they share its sequence number, as with enhanced fan-out.</summary>
    public Scenario Aggregated(int count)
    {
        SequenceNumber number = Create("order-17", [], Start, shard: 0).Record.SequenceNumber;
        for (uint place = 1; place <= count; place++)
            _shards[0].Append(StreamRecord.Create("order-17", [], number.WithSubSequenceNumber(place), Start));
        _lastLabel += count - 1;
        return this;
    }

    /// <summary>One more shard record, put into a run that is under way, now.</summary>
    public void PutNow(ScenarioRun run, int count) =>
        Put(run, [.. Enumerable.Range(0, count).Select(_ => Create("order-17", [], run.Loop.Now, shard: 0))]);

    public Scenario Throws(params int[] records) => Do(() => Function.Throws(records));

    public Scenario AlwaysThrows() => Do(Function.AlwaysThrows);

    public Scenario ThrowsOnCalls(params int[] calls) => Do(() => Function.ThrowsOnCalls(calls));

    public Scenario Reports(params int[] records) => Do(() => Function.Reports(records, int.MaxValue));

    public Scenario ReportsOnce(params int[] records) => Do(() => Function.Reports(records, 1));

    public Scenario ThrottlesTries(params int[] tries) => Do(() => Function.ThrottlesTries(tries));

    public Scenario IsThrottled() => Do(Function.IsThrottled);

    public Scenario ForgetsStateOnCalls(params int[] calls) => Do(() => Function.ForgetsState(calls));

    public Scenario ThrowsAtEndsOfWindows() => Do(Function.ThrowsAtEndsOfWindows);

    public Scenario ReturnsLargeState(int length) => Do(() => Function.ReturnsLargeState(length));

    public Scenario Takes(double seconds) => Do(() => Function.Takes(seconds));

    /// <summary>The on-failure destination refuses every batch.</summary>
    public Scenario DestinationRefuses() => Do(() => _options = _options with { DestinationWorks = false });

    /// <summary>A reshard closes the shards at a time.</summary>
    public Scenario ShardsClose(double at) => Do(() => _plan.Add(run => run.Loop.At(Start.AddSeconds(at), () => Array.ForEach(_shards, run.Loop.Close))));

    /// <summary>The destination answers after so long.</summary>
    public Scenario DestinationTakes(double seconds) => Do(() => _options = _options with { DestinationDelay = TimeSpan.FromSeconds(seconds) });

    /// <summary>A checkpoint is stored after so long.</summary>
    public Scenario CheckpointsTake(double seconds) => Do(() => _options = _options with { CheckpointDelay = TimeSpan.FromSeconds(seconds) });

    /// <summary>The mapping begins at a position instead of TRIM_HORIZON.</summary>
    public Scenario From(ShardPosition position) => Do(() => _options = _options with
    {
        Checkpoints = _shards.ToDictionary(shard => shard.Index, _ => new ShardCheckpoint(position)),
    });

    /// <summary>Starts it; nothing has happened yet.</summary>
    public ScenarioRun Begin()
    {
        var run = new ScenarioRun(this, _shards, new SimulationLoop(_mapping, _shards, Function.Answer, _options));
        _plan.ForEach(step => step(run));
        return run;
    }

    /// <summary>Starts the mapping anew where the checkpoints of a run that has ended or was killed stand.</summary>
    public ScenarioRun Resume(ScenarioRun before) => Resume(before, mapping => mapping);

    /// <summary>Starts the mapping anew with other settings: what UpdateEventSourceMapping does once it has stopped.</summary>
    public ScenarioRun Resume(ScenarioRun before, Func<EventSourceMapping, EventSourceMapping> change) => new(this, _shards, new SimulationLoop(
        change(_mapping), _shards, Function.Answer, _options with { Start = before.Loop.Now, Checkpoints = before.Loop.Checkpoints, Seed = _options.Seed + 1_000 }));

    /// <summary>Runs it until nothing happens any more.</summary>
    public ScenarioRun Run()
    {
        ScenarioRun run = Begin();
        run.Loop.RunUntilIdle();
        return Judged(run);
    }

    /// <summary>Runs it up to a time in seconds.</summary>
    public ScenarioRun RunUntil(double seconds)
    {
        ScenarioRun run = Begin();
        run.RunUntil(seconds);
        return Judged(run);
    }

    private Scenario Plan(List<(SimulatedShard Shard, StreamRecord Record)> records, double at)
    {
        if (at > 0)
            _plan.Add(run => run.Loop.At(Start.AddSeconds(at), () => Put(run, records)));
        else
            records.ForEach(put => put.Shard.Append(put.Record));
        return this;
    }

    private Scenario Do(Action change)
    {
        change();
        return this;
    }

    private (SimulatedShard Shard, StreamRecord Record) Create(string key, byte[] data, DateTimeOffset arrival, int? shard)
    {
        UInt128 hash = HashKeyRange.HashOf(System.Text.Encoding.UTF8.GetBytes(key));
        SimulatedShard home = shard is { } index ? _shards[index] : Array.Find(_shards, candidate => candidate.Range.Contains(hash))!;
        var number = SequenceNumber.Create(Start.ToUnixTimeSeconds() - 3600, home.Index, (ulong)++_lastLabel, arrival.ToUnixTimeSeconds());
        LastRecord = StreamRecord.Create(key, data, number, arrival);
        return (home, LastRecord);
    }

    // All of them lie in the stream before a reader is woken.
    private static void Put(ScenarioRun run, List<(SimulatedShard Shard, StreamRecord Record)> records)
    {
        foreach (IGrouping<SimulatedShard, (SimulatedShard, StreamRecord Record)> put in records.GroupBy(put => put.Shard))
            run.Loop.Put(put.Key, [.. put.Select(one => one.Record)]);
    }

    // What a scenario expects in detail is its own; that no promise is broken on the way holds for all.
    private ScenarioRun Judged(ScenarioRun run)
    {
        var checker = new HistoryChecker(new HistoryPromises
        {
            Mapping = _mapping,
            FixedRecordLength = _options.FixedRecordLength,
            FixedWindowLength = _options.FixedWindowLength,
            Retention = _options.Retention,
            HasDestination = true,
            ReadWithin = _mapping.Polling is PollingMode.Aws ? TimeSpan.FromSeconds(1) : TimeSpan.Zero,
        });
        foreach (HistoryStep step in run.Loop.History.Steps)
            checker.Add(step);
        Assert.Empty(checker.Violations.Where(violation => _options.DestinationWorks || violation.Kind is not ViolationKind.DiscardUndelivered));
        return run;
    }
}
