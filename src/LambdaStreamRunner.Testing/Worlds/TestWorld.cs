using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;
using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>One run of a scenario: a stream, a mapping, a clock, and a handler in its environments. It belongs to the thread that made it.</summary>
internal sealed class TestWorld : SimulatedWorld
{
    /// <summary>From the last put: how long faults strike in an exploration.</summary>
    public static readonly TimeSpan FaultsLastMax = TimeSpan.FromMinutes(1);

    // How long a new mapping may take until it polls; AWS says: several minutes, here less.
    private const int MappingReadyMillisecondsMax = 10_000;

    private const int RestartMillisecondsMax = 5_000;

    private const int TieRanks = 3;

    // Far more than handlers do within a millisecond, and a second or so of real time.
    private const int HappenAtOnceMax = 100_000;

    private readonly HandlerCalls _calls;
    private readonly TestStream _stream;
    private readonly FaultTimes _faults;
    private readonly List<int[]> _planned = [];
    private readonly Dictionary<UInt128, int> _lanes = [];
    private readonly Dictionary<int, int> _reads = [];
    private readonly Dictionary<int, int> _saves = [];
    private readonly Dictionary<int, int> _sends = [];
    private int _nextId;
    private CrashPoint _crashAtNextCheckpoint;
    private int _restarts;
    private DateTimeOffset _disturbed;
    private int _happenedNow;

    public TestWorld(TestScenario scenario, Chooser chooser, long seed)
    {
        (Scenario, Chooser) = (scenario, chooser);
        Time = new VirtualTime(this);
        Ledger = new EffectLedger(this, scenario.Faults);
        _calls = new HandlerCalls(this);
        _stream = new TestStream(this, seed);
        _nextId = scenario.Records.Length;
        bool isLate = scenario.Mapping.StartingPosition is StartingPosition.Latest;
        Loop = new SimulationLoop(scenario.Mapping, _stream.FirstShards, this, new SimulationOptions
        {
            Start = Scenario.Start,
            Retention = scenario.Retention,
            Seed = seed,
            FixedRecordLength = _calls.FixedRecordLength,
            FixedWindowLength = _calls.FixedWindowLength,
            ReadyAfter = TimeSpan.FromMilliseconds(isLate ? chooser.Measure(new Choice(ChoiceKind.MappingReady, 0, 0), 0, MappingReadyMillisecondsMax) : 0),
            LaneOfKey = scenario.AssignsLanes && scenario.Mapping.ParallelizationFactor > 1 ? LaneOf : null,
        });
        _stream.Plan();
        _faults = new FaultTimes(this, _stream);
        _faults.Plan();
    }

    public TestScenario Scenario { get; }

    public Chooser Chooser { get; }

    public Pump Pump { get; } = new();

    /// <summary>Lets threads run a handler's code one at a time.</summary>
    public Baton Baton { get; } = new();

    public TimeProvider Time { get; }

    public EffectLedger Ledger { get; }

    public SimulationLoop Loop { get; private set; } = null!;

    /// <summary>The present, for any thread.</summary>
    public DateTimeOffset Now => Loop?.Now ?? Scenario.Start;

    /// <summary>False when the world has become kind: what is left must be settled now.</summary>
    public bool AreFaultsOn => Now - Scenario.Start <= Scenario.LastPut + FaultsLast;

    private TimeSpan FaultsLast => Scenario.Faults.LastsAfterPuts ?? FaultsLastMax;

    /// <summary>From then on nothing goes wrong any more, as far as is known by now: without faults the last put, else some time after it.</summary>
    public DateTimeOffset FaultsEnd => Scenario.Faults == Testing.Faults.None ? Scenario.Start + Scenario.LastPut : Later(Scenario.Start + Scenario.LastPut + FaultsLast, _disturbed);

    /// <summary>When everything must be settled, as far as is known by now.</summary>
    private DateTimeOffset End => Later(FaultsEnd, _stream.LastPut) + Scenario.Within;

    /// <summary>The record as the test gave it.</summary>
    public TestRecord RecordOf(SequenceNumber number) => _stream.RecordOf(number);

    /// <summary>Puts a record now.</summary>
    public void Put(TestRecord record) => _stream.Put(record);

    /// <summary>Runs until everything is settled, or the time for it is over.</summary>
    public void RunToTheEnd()
    {
        bool isOver = false;
        while (!(IsDone && AreCheckpointsStored) && !isOver)
            isOver = !RunNext(End);
        if (isOver)
            RunUntil(End);
    }

    /// <summary>What strikes now has its consequences until a time: faults end no earlier.</summary>
    public void Disturbed(DateTimeOffset until) => _disturbed = Later(_disturbed, until);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    /// <summary>Runs until everything is settled and its checkpoint stored; false when that takes until a time.</summary>
    public bool TryRunUntilDone(DateTimeOffset end)
    {
        while (!IsDone || !AreCheckpointsStored)
        {
            if (!RunNext(end))
                return IsDone;
        }
        return true;
    }

    /// <summary>A number for a record that is put besides those that were planned.</summary>
    public int NextId() => _nextId++;

    /// <summary>Runs everything that is due up to a time.</summary>
    public void RunUntil(DateTimeOffset time)
    {
        while (RunNext(time))
        {
        }
        Loop.RunUntil(time);
    }

    /// <summary>Everything was put and is settled, and no fault is to come.</summary>
    public bool IsDone
    {
        get
        {
            if (!_stream.IsComplete || _faults.AnyToCome || _calls.AnyUnderWay)
                return false;
            for (int shard = 0; shard < Loop.Shards.Count; shard++)         // asked at every step: no enumerator
            {
                if (!IsSettled(Loop.Shards[shard]))
                    return false;
            }
            return true;
        }
    }

    public override void Invoke(SimulatedInvocation invocation) => _calls.Begin(invocation);

    public override void Crashed() => _calls.DestroyAll();

    public override TimeSpan RestartDelay
    {
        get
        {
            var delay = TimeSpan.FromMilliseconds(Chooser.Measure(new Choice(ChoiceKind.Restart, _restarts++, 0), 0, RestartMillisecondsMax));
            Disturbed(Loop.Now + delay);
            return delay;
        }
    }

    /// <summary>The process dies at the next checkpoint.</summary>
    public void CrashAtNextCheckpoint(CrashPoint point) => _crashAtNextCheckpoint = point;

    public override CrashPoint CrashAt(SimulatedShard shard, ShardCheckpoint checkpoint)
    {
        CrashPoint point = _crashAtNextCheckpoint;
        _crashAtNextCheckpoint = CrashPoint.None;
        return point;
    }

    public override string? FailureOf(SimulatedShard shard, ShardDecision.ReadRecords read)
    {
        if (!AreFaultsOn || (Scenario.Faults.ReadThrottleRate <= 0 && Scenario.Faults.ExpiredIteratorRate <= 0))
            return null;
        int nth = _reads[shard.Index] = _reads.GetValueOrDefault(shard.Index) + 1;
        if (Chooser.Strikes(new Choice(ChoiceKind.ReadThrottled, shard.Index, nth), Scenario.Faults.ReadThrottleRate))
            return "ProvisionedThroughputExceededException: Rate exceeded for shard.";
        return Chooser.Strikes(new Choice(ChoiceKind.IteratorExpired, shard.Index, nth), Scenario.Faults.ExpiredIteratorRate)
            ? "ExpiredIteratorException: Iterator expired." : null;
    }

    public override TimeSpan CheckpointDelay(SimulatedShard shard, ShardCheckpoint checkpoint)
    {
        if (Scenario.Faults.CheckpointMillisecondsMax == 0)
            return TimeSpan.Zero;
        int nth = _saves[shard.Index] = _saves.GetValueOrDefault(shard.Index) + 1;
        return TimeSpan.FromMilliseconds(Chooser.Measure(
            new Choice(ChoiceKind.CheckpointLatency, shard.Index, nth), shard.Index, Scenario.Faults.CheckpointMillisecondsMax));
    }

    public override TimeSpan DestinationDelay(DiscardedBatch batch)
    {
        if (!Scenario.HasDestination || batch.Records.IsEmpty || !AreFaultsOn || Scenario.Faults.DestinationMillisecondsMax == 0)
            return TimeSpan.Zero;
        int subject = RecordOf(batch.Records[0].SequenceNumber).Id;
        int nth = _sends[subject] = _sends.GetValueOrDefault(subject) + 1;
        return TimeSpan.FromMilliseconds(Chooser.Measure(new Choice(ChoiceKind.DestinationLatency, subject, nth), subject, Scenario.Faults.DestinationMillisecondsMax));
    }

    public override string? RefusalOf(DiscardedBatch batch)
    {
        if (!Scenario.HasDestination || batch.Records.IsEmpty)
            return null;
        var choice = new Choice(ChoiceKind.DestinationRefuses, RecordOf(batch.Records[0].SequenceNumber).Id, batch.Records.Length);
        return Chooser.Strikes(choice, Scenario.Faults.RefusalRate) ? "The destination refuses the batch for good." : null;
    }

    public override int RankOf(Occasion occasion, SimulatedShard shard)
    {
        while (_planned.Count <= shard.Index)
            _planned.Add(new int[Enum.GetValues<Occasion>().Length]);
        int nth = ++_planned[shard.Index][(int)occasion];
        return Chooser.Choose(new Choice(ChoiceKind.Tie, -1 - (shard.Index * 8) - (int)occasion, nth), TieRanks);
    }

    private bool RunNext(DateTimeOffset until)
    {
        _calls.Rest();
        DateTimeOffset before = Loop.Now;
        if (!Loop.RunNext(until))
            return false;
        CheckThatTimePasses(before);
        _calls.Rest();
        return true;
    }

    private void CheckThatTimePasses(DateTimeOffset before)
    {
        _happenedNow = Loop.Now == before ? _happenedNow + 1 : 0;
        if (_happenedNow > HappenAtOnceMax + Scenario.Records.Length)
            throw new StreamTestException($"Time stands still at {Loop.Now:O}: {_happenedNow} things have happened at this one moment, and the next is due at once as well.");
    }

    private bool AreCheckpointsStored => Loop.Shards.All(shard => Loop.FindMachine(shard) is not { IsClosed: false } machine
        || shard.IsAtTip((Loop.Checkpoints.GetValueOrDefault(shard.Index) ?? machine.Shard.From).Position));

    private bool IsSettled(SimulatedShard shard)
    {
        ShardMachine? machine = Loop.FindMachine(shard);
        if (Loop.Checkpoints.GetValueOrDefault(shard.Index) is { ShardEnded: true })
            return true;
        return machine is not null && (machine.IsClosed || (machine.IsSettled && !shard.IsClosed && shard.IsAtTip(machine.ReadPosition)));
    }

    // The first choice is the lane of the key's own hash.
    private int LaneOf(UInt128 hash)
    {
        if (_lanes.TryGetValue(hash, out int lane))
            return lane;
        int factor = Scenario.Mapping.ParallelizationFactor;
        int own = (int)((hash >> 96) * (uint)factor >> 32);
        lane = (own + Chooser.Choose(new Choice(ChoiceKind.Lane, (long)(ulong)hash, 0), factor)) % factor;
        _lanes.Add(hash, lane);
        return lane;
    }
}
