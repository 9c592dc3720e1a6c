using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Simulation;

/// <summary>Drives the machines of a mapping under virtual time: the clock jumps to the next entry, nobody waits.</summary>
/// <remarks>
/// A shard that continues others begins when their machines have settled all of them. A crash throws the machines away;
/// after the world's restart delay new ones begin at the checkpoints.
/// </remarks>
public sealed class SimulationLoop
{
    private const long SeedsPerLife = 1_000_000;

    private readonly Agenda _agenda = new();
    private readonly EventSourceMapping? _mapping;
    private readonly Func<ShardContext, ShardMachine> _machineOf;
    private readonly List<SimulatedShard> _shards = [];
    private readonly Dictionary<SimulatedShard, ShardDriver> _drivers = [];
    private readonly Dictionary<SimulatedShard, ShardPosition> _latest = [];      // what LATEST meant when the mapping began for the first time
    private long _nowTicks;
    private int _lives;
    private bool _isDown;

    /// <summary>A mapping over shards with a modelled function, begun at the start of virtual time.</summary>
    public SimulationLoop(EventSourceMapping mapping, IReadOnlyList<SimulatedShard> shards, FunctionModel function, SimulationOptions options)
        : this(mapping, shards, new ModelledWorld(function, options), options)
    {
    }

    /// <summary>A mapping over shards in a world, begun at the start of virtual time.</summary>
    public SimulationLoop(EventSourceMapping mapping, IReadOnlyList<SimulatedShard> shards, SimulatedWorld world, SimulationOptions options)
        : this(mapping, shards, world, options, shard => new ShardMachine(mapping, shard))
    {
    }

    // Tests plant machines that break promises.
    internal SimulationLoop(
        IReadOnlyList<SimulatedShard> shards, FunctionModel function, SimulationOptions options, Func<ShardContext, ShardMachine> machineOf)
        : this(null, shards, new ModelledWorld(function, options), options, machineOf)
    {
    }

    private SimulationLoop(
        EventSourceMapping? mapping, IReadOnlyList<SimulatedShard> shards, SimulatedWorld world, SimulationOptions options, Func<ShardContext, ShardMachine> machineOf)
    {
        (_mapping, World, Options, _machineOf) = (mapping, world, options, machineOf);
        Now = options.Start;
        Recorder = options.KeepsHistory ? new SimulationHistory() : null;
        Checkpoints = new Dictionary<int, ShardCheckpoint>(options.Checkpoints);
        foreach (SimulatedShard shard in shards)
            Create(shard);
        _isDown = true;
        if (options.ReadyAfter > TimeSpan.Zero)
            At(Now + options.ReadyAfter, Begin);
        else
            Begin();
    }

    /// <summary>Virtual time; any thread may ask.</summary>
    public DateTimeOffset Now
    {
        get => new(Volatile.Read(ref _nowTicks), TimeSpan.Zero);
        private set => Volatile.Write(ref _nowTicks, value.UtcTicks);
    }

    /// <summary>The world's figures.</summary>
    public SimulationOptions Options { get; }

    /// <summary>What happened so far.</summary>
    /// <exception cref="InvalidOperationException">The options say that no history is kept.</exception>
    public SimulationHistory History => Recorder ?? throw new InvalidOperationException("This simulation keeps no history.");

    /// <summary>The checkpoints that it began from or saved last, by shard index.</summary>
    public Dictionary<int, ShardCheckpoint> Checkpoints { get; }

    /// <summary>The shards, in the order in which they were made.</summary>
    public IReadOnlyList<SimulatedShard> Shards => _shards;

    /// <summary>When the next thing happens; null when nothing is planned.</summary>
    public DateTimeOffset? NextAt => _agenda.NextAt;

    /// <summary>The machine of a shard that has begun.</summary>
    public ShardMachine MachineOf(SimulatedShard shard) => _drivers[shard].Machine;

    /// <summary>The machine of a shard; null when it has not begun.</summary>
    public ShardMachine? FindMachine(SimulatedShard shard) => _drivers.GetValueOrDefault(shard)?.Machine;

    /// <summary>Does something in the simulated world at a time.</summary>
    /// <param name="time">When; what lies in the past is done next.</param>
    /// <param name="what">What to do.</param>
    /// <param name="rank">The place among what is due at the same time: the lower comes first.</param>
    public void At(DateTimeOffset time, Action what, int rank = 0) => _agenda.Add(time, Happening.Of(what), rank);

    /// <summary>Puts a record now.</summary>
    public void Put(SimulatedShard shard, in StreamRecord record) => Put(shard, new ReadOnlySpan<StreamRecord>(in record));

    /// <summary>Puts records now, all of them before a reader is woken.</summary>
    public void Put(SimulatedShard shard, ReadOnlySpan<StreamRecord> records)
    {
        foreach (ref readonly StreamRecord record in records)
        {
            shard.Append(in record);
            Recorder?.Add(new HistoryStep.RecordArrived(Now, shard.Id, record));
        }
        Wake(shard);
    }

    /// <summary>Closes a shard now.</summary>
    public void Close(SimulatedShard shard)
    {
        shard.Close();
        Recorder?.Add(new HistoryStep.ShardClosed(Now, shard.Id));
        Wake(shard);
    }

    /// <summary>Adds a shard, or a child of shards that were closed, now.</summary>
    public void Add(SimulatedShard shard)
    {
        Create(shard);
        if (!_isDown)
            BeginIfParentsEnded(shard);
    }

    /// <summary>Asks every machine to stop, now.</summary>
    public void Stop(StopMode mode)
    {
        foreach (ShardDriver driver in _drivers.Values)
            driver.Tell(Now, Occasion.Timer, new ShardEvent.StopRequested(mode));
    }

    /// <summary>The process dies now, with all that its machines knew; it is started again after the world's delay.</summary>
    public void Crash()
    {
        if (_isDown)
            return;
        _isDown = true;
        foreach (ShardDriver driver in _drivers.Values)
        {
            driver.Die();
            Recorder?.Add(new HistoryStep.MachineCrashed(Now, driver.Shard.Id));
        }
        _drivers.Clear();
        World.Crashed();
        At(Now + World.RestartDelay, Begin);
    }

    /// <summary>Time leaps, as it does when a machine sleeps: what was due in between is late.</summary>
    public void Leap(TimeSpan by) => Now += by;

    /// <summary>Tells every machine, now, that time has passed; nobody asked for it, and nothing may come of it.</summary>
    public void Nudge()
    {
        foreach (ShardDriver driver in _drivers.Values)
            driver.Tell(Now, Occasion.Timer, ShardEvent.TimerDue.Instance);
    }

    /// <summary>Runs to the end of the agenda. With PollingMode.Aws it has none: use <see cref="RunUntil"/>.</summary>
    public void RunUntilIdle() => RunUntil(DateTimeOffset.MaxValue);

    /// <summary>Runs everything that is due up to a time.</summary>
    public void RunUntil(DateTimeOffset time)
    {
        while (RunNext(time))
        {
        }
        if (time < DateTimeOffset.MaxValue && time > Now)     // a leap may have gone beyond it
            Now = time;
    }

    /// <summary>Runs the next entry; false when none is due up to a time.</summary>
    public bool RunNext(DateTimeOffset until)
    {
        if (!_agenda.TryTakeNext(until, out DateTimeOffset at, out Happening what))
            return false;
        Now = at > Now ? at : Now;
        what.Happen();
        return true;
    }

    internal SimulatedWorld World { get; }

    /// <summary>The history; null when none is kept, and then its steps are not even made.</summary>
    internal SimulationHistory? Recorder { get; }

    internal void At(DateTimeOffset time, Happening what) => _agenda.Add(time, what);

    internal void Plan(DateTimeOffset time, Occasion occasion, ShardDriver driver, Happening what) =>
        _agenda.Add(time, what, World.RankOf(occasion, driver.Shard));

    internal void Closed(ShardDriver driver, CloseReason reason)
    {
        if (reason is not CloseReason.ShardEnd)
            return;
        foreach (SimulatedShard child in _shards.Where(shard => shard.Parents.Contains(driver.Shard.Id)))
            BeginIfParentsEnded(child);
    }

    private void Create(SimulatedShard shard)
    {
        _shards.Add(shard);
        Recorder?.Add(new HistoryStep.ShardCreated(Now, shard.Id, shard.Range, shard.Parents));
        foreach (StreamRecord record in shard.Records)
            Recorder?.Add(new HistoryStep.RecordArrived(record.Arrival, shard.Id, record));
    }

    private void Begin()
    {
        _isDown = false;
        if (_lives++ == 0)
            FixLatest();
        foreach (SimulatedShard shard in _shards)
            BeginIfParentsEnded(shard);
    }

    // After a crash without a checkpoint LATEST must be the same place: what came in between would be lost.
    private void FixLatest()
    {
        foreach (SimulatedShard shard in _shards)
            _latest.Add(shard, shard.Tip);
    }

    private void BeginIfParentsEnded(SimulatedShard shard)
    {
        bool canBegin = !_drivers.ContainsKey(shard)
            && _shards.TrueForAll(parent => !shard.Parents.Contains(parent.Id) || IsSettledToItsEnd(parent));
        if (!canBegin)
            return;
        ShardCheckpoint from = Checkpoints.GetValueOrDefault(shard.Index) ?? new ShardCheckpoint(FirstPositionOf(shard));
        var driver = new ShardDriver(this, World, shard, _machineOf(ContextOf(shard, from)));
        _drivers.Add(shard, driver);
        Recorder?.Add(new HistoryStep.MachineBegan(Now, shard.Id, from));
        driver.Tell(Now + World.BeginDelay(shard), Occasion.Timer, ShardEvent.TimerDue.Instance);
    }

    private bool IsSettledToItsEnd(SimulatedShard shard) => Checkpoints.GetValueOrDefault(shard.Index) is { ShardEnded: true };

    // LATEST was fixed at the first begin; a shard that was made after that is read from its beginning, child of a reshard or not.
    private ShardPosition FirstPositionOf(SimulatedShard shard) => _mapping?.StartingPosition switch
    {
        StartingPosition.Latest => _latest.GetValueOrDefault(shard, ShardPosition.TrimHorizon),
        StartingPosition.AtTimestamp => ShardPosition.AtTimestamp(_mapping.StartingPositionTimestamp!.Value),
        _ => ShardPosition.TrimHorizon,
    };

    private ShardContext ContextOf(SimulatedShard shard, ShardCheckpoint from) => new()
    {
        ShardId = shard.Id,
        HashKeyRange = shard.Range,
        FixedRecordLength = Options.FixedRecordLength,
        FixedWindowLength = Options.FixedWindowLength,
        Retention = Options.Retention,
        Seed = Options.Seed + shard.Index + (SeedsPerLife * (_lives - 1)),
        From = from,
        LaneOfKey = Options.LaneOfKey,
    };

    private void Wake(SimulatedShard shard)
    {
        if (_drivers.TryGetValue(shard, out ShardDriver? driver))
            driver.WakeReader();
    }
}
