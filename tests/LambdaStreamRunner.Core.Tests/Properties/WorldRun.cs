using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Core.Tests.Properties;

/// <summary>A world in motion: the mapping can be stopped, killed and started again, and every run of it is judged.</summary>
public sealed class WorldRun
{
    private readonly World _world;
    private readonly FunctionModel _function;
    private readonly SimulatedShard _shard = new(0, HashKeyRange.Full);
    private readonly IReadOnlyList<(DateTimeOffset Time, StreamRecord Record)> _records;
    private readonly HistoryJudge _judge;
    private readonly Func<ShardContext, ShardMachine> _machineOf;
    private int _runs;

    public WorldRun(World world)
        : this(world, shard => new ShardMachine(world.Mapping, shard))
    {
    }

    /// <summary>A world whose machines are planted.</summary>
    internal WorldRun(World world, Func<ShardContext, ShardMachine> machineOf)
    {
        _world = world;
        _machineOf = machineOf;
        _function = world.CreateFunction();
        _records = world.CreateRecords();
        _judge = new HistoryJudge(world, [.. _records.Select(put => put.Record)]);
        Loop = Begin(World.Start, new Dictionary<int, ShardCheckpoint>());
    }

    public SimulationLoop Loop { get; private set; }

    /// <summary>Most records that were read and not resolved at any invocation.</summary>
    public int MaxHeldRecords { get; private set; }

    /// <summary>What was or will be put.</summary>
    public IEnumerable<StreamRecord> Records => _records.Select(put => put.Record);

    public ShardMachine Machine => Loop.MachineOf(_shard);

    /// <summary>Runs until everything must be settled.</summary>
    public void RunToTheEnd()
    {
        if (_world.Mapping.Polling is PollingMode.Eager)
        {
            Loop.RunUntilIdle();
            return;
        }
        DateTimeOffset end = (Loop.Now > World.FaultsEnd ? Loop.Now : World.FaultsEnd).AddHours(3);
        do
            Loop.RunUntil(Loop.Now.AddMinutes(5));
        while (Loop.Now < World.FaultsEnd.AddMinutes(5) || (Loop.Now < end && Machine.GetStatus().LowestUnsettled is not null));
        Loop.RunUntil(Loop.Now.AddMinutes(1));
    }

    public void RunUntil(double seconds) => Loop.RunUntil(World.Start.AddSeconds(seconds));

    /// <summary>Stops the mapping and runs on until it is stopped.</summary>
    public void Stop(StopMode mode)
    {
        Loop.Stop(mode);
        DateTimeOffset latest = Loop.Now.AddHours(3);         // 300 discards of 20 s, one after the other, are to be drained
        Loop.RunUntil(Loop.Now.AddHours(1));
        if (!Machine.IsClosed)
            Loop.RunUntil(latest);
        if (!Machine.IsClosed)
            throw new BrokenPromiseException("The mapping was told to stop and did not.");
    }

    /// <summary>Starts a new run where the last saved checkpoint stands; what the old one was doing is lost.</summary>
    public void Restart()
    {
        _judge.Judge(Loop.History);
        Loop = Begin(Loop.Now, Loop.Checkpoints);
    }

    /// <summary>Judges the last run, and that every record came to its end.</summary>
    public void JudgeAll()
    {
        _judge.Judge(Loop.History);
        _judge.JudgeCompleteness(Loop.Now);
        if (!Machine.IsClosed && Machine.GetStatus().Window is not null)
            throw new BrokenPromiseException("A window never ended.");
        JudgeMemory();
        Loop.Checkpoints.TryGetValue(0, out ShardCheckpoint? last);
        _judge.JudgeFinalCheckpoint(last);
        if (_world.ClosesShard && !(Machine.IsClosed && last is { ShardEnded: true }))
            throw new BrokenPromiseException("The shard has ended and its machine does not say so.");
    }

    // The bound, the shares of all lanes, and the one record by which each of them may pass its own.
    private void JudgeMemory()
    {
        long held = (long)MaxHeldRecords * _world.Load.DataLength;
        if (held > (2 * ReadAhead.RawLengthMax) + ((_world.Mapping.ParallelizationFactor + 1) * (long)_world.Load.DataLength))
            throw new BrokenPromiseException($"{held} bytes are held.");
    }

    private SimulationLoop Begin(DateTimeOffset start, Dictionary<int, ShardCheckpoint> checkpoints)
    {
        _runs++;
        var loop = new SimulationLoop(
            [_shard],
            Observe,
            _world.Options with { Start = start, Checkpoints = checkpoints, Seed = _world.Seed + (1_000_000L * _runs) },
            _machineOf);
        foreach ((DateTimeOffset time, StreamRecord record) in _records)
        {
            if (time >= start && record.SequenceNumber.Index > (ulong)_shard.Count)
                loop.At(time, () => loop.Put(_shard, in record));
        }
        DateTimeOffset lastPut = _records[^1].Time;
        if (_world.ClosesShard && !_shard.IsClosed)
            loop.At(lastPut > start ? lastPut : start, () => loop.Close(_shard));
        return loop;
    }

    private FunctionAnswer Observe(Core.Mappings.Batching.Batch batch, DateTimeOffset now)
    {
        MaxHeldRecords = Math.Max(MaxHeldRecords, Machine.GetStatus().HeldRecords);
        return _function(batch, now);
    }
}
