using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Meters;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation;

/// <summary>One run of one plan.</summary>
internal sealed class SimulationRun : IDisposable
{
    private const int StepsBetweenLooks = 1_024;

    private readonly SimulationPlan _plan;
    private readonly StreamTraffic _traffic;
    private readonly PropagationDelay _delay;
    private readonly ModelledFunction _function;
    private readonly RunMeter _meter;
    private readonly MeteredWorld _world;
    private readonly TrafficFeed? _feed;
    private TrafficShard[] _open = [];
    private readonly BacklogTrend _trend = new();
    private TrafficTotals _totals;
    private TrafficTotals _warmUp;                            // the part of it that counts into no figure

    private SimulationRun(SimulationPlan plan, StreamTraffic traffic, bool reads)
    {
        (_plan, _traffic) = (plan, traffic);
        _delay = new PropagationDelay(plan.Timing, plan.Setting.Mapping.Polling, plan.Seed);
        var poison = new PoisonRecords(plan.Failures, plan.Seed, traffic);
        _function = new ModelledFunction(plan, poison);
        _meter = new RunMeter(plan, poison)
        {
            Course = plan.WithCourse ? new CourseMeter(plan.From.Ticks, ((plan.Until ?? traffic.Duration) - plan.From).Ticks) : null,
        };
        _world = new MeteredWorld(plan, _function, _meter);
        _feed = reads ? new TrafficFeed(traffic, plan.From, plan.Until) { Brought = Count } : null;
    }

    /// <summary>What drives it.</summary>
    public SimulationLoop Loop => _world.Loop;

    /// <summary>A run over records that lie in memory.</summary>
    public static SimulationRun Over(TrafficLayout layout, SimulationPlan plan, StreamTraffic traffic)
    {
        var run = new SimulationRun(plan, traffic, reads: false);
        run._open = new TrafficShard[layout.Ranges.Length];
        for (int shard = 0; shard < layout.Ranges.Length; shard++)
        {
            StreamRecord[] records = layout.Records[shard];
            (int from, int until) = (FirstAt(records, plan.From), plan.Until is { } end ? FirstAt(records, end) : records.Length);
            run._open[shard] = new TrafficShard(shard, layout.Ranges[shard], records, from, until, run._delay);
            run.Count(records.AsSpan(from, until - from));
        }
        run.Begin();
        return run;
    }

    /// <summary>A run that reads its traffic while it goes on, and may reshard.</summary>
    public static SimulationRun Reading(StreamTraffic traffic, SimulationPlan plan)
    {
        var run = new SimulationRun(plan, traffic, reads: true);
        run._open = [.. HashKeyRange.Split(plan.Setting.Shards).Select((range, index) => new TrafficShard(index, range, run._feed!, run._delay))];
        run._feed!.Serve(run._open);
        run.Begin();
        foreach (PlannedReshard reshard in plan.Reshards)
            run.Loop.At(ArrivalNumbers.Epoch + reshard.At, () => run.Reshard(reshard));
        return run;
    }

    /// <summary>Runs until everything is settled, or the backlog shows that it never will be.</summary>
    public SimulationFigures RunToEnd(KeyCounts keys, Action<double>? progress, CancellationToken cancellation)
    {
        bool isOverwhelmed = false;
        for (long step = 0; Loop.RunNext(DateTimeOffset.MaxValue); step++)
        {
            if (_feed is null && _meter.Resolved == _totals.Records)
                break;
            if (step % StepsBetweenLooks != 0)
                continue;
            cancellation.ThrowIfCancellationRequested();
            progress?.Invoke(Share());
            if (IsOver())
                break;
            isOverwhelmed = Backlog() > _plan.BacklogMax;
            if (isOverwhelmed)
                break;
        }
        if (isOverwhelmed && _feed is null)
            CountWhatArrived();
        return new RunReading(_plan, _traffic, keys, _meter, _function, Loop, _totals, _warmUp).Read(isOverwhelmed, _trend.IsGrowing(_plan, _meter.End, _totals.Last));
    }

    public void Dispose() => _feed?.Dispose();

    private void Begin()
    {
        _meter.Open(_open.Length, _plan.From.Ticks);
        _world.Loop = new SimulationLoop(
            _plan.Setting.Mapping with { StartingPosition = StartingPosition.TrimHorizon },
            _open,
            _world,
            new SimulationOptions { Start = ArrivalNumbers.Epoch + _plan.From, Retention = _plan.Retention, Seed = _plan.Seed, KeepsHistory = _plan.KeepsHistory });
        if (_plan.WarmUp > TimeSpan.Zero)
            Loop.At(Loop.Now + _plan.WarmUp, () => _meter.EndWarmUp(_function.ColdStarts, Loop.Shards.Sum(shard => Loop.FindMachine(shard)?.Counters.Bisections ?? 0)));
        TimeSpan length = (_plan.Until ?? _traffic.Duration) - _plan.From;
        foreach (double part in BacklogTrend.Parts)
            Loop.At(Loop.Now + (length * part), () => _trend.Add(Backlog()));
    }

    // What left retention unread is resolved by nobody: then the shards are at their ends and the machines have nothing.
    private bool IsOver()
    {
        bool hasMore = _feed is { IsOver: false } || (_feed is null && Loop.Now - ArrivalNumbers.Epoch <= new TimeSpan(_totals.Last));
        if (hasMore)
            return false;
        if (_meter.Resolved == _totals.Records)
            return true;
        foreach (SimulatedShard shard in Loop.Shards)
        {
            shard.AdvanceTo(Loop.Now);
            if (shard.NextArrival is not null || Loop.FindMachine(shard) is not { } machine || !machine.IsSettled || !shard.IsAtTip(machine.ReadPosition))
                return false;
        }
        return true;
    }

    private double Share()
    {
        TimeSpan length = (_plan.Until ?? _traffic.Duration) - _plan.From;
        return length <= TimeSpan.Zero ? 1 : Math.Clamp((Loop.Now - ArrivalNumbers.Epoch - _plan.From) / length, 0, 1);
    }

    private long Backlog()
    {
        long arrived = 0;
        foreach (SimulatedShard shard in Loop.Shards)
        {
            shard.AdvanceTo(Loop.Now);
            arrived += ((TrafficShard)shard).Arrived;
        }
        return arrived - _meter.Resolved;
    }

    // A run that was ended early is about what had come by then.
    private void CountWhatArrived()
    {
        (_totals, _warmUp) = (default, default);
        _meter.Course?.ForgetArrivals();
        foreach (TrafficShard shard in _open)
            Count(shard.ArrivedRecords);
    }

    private void Count(ReadOnlySpan<StreamRecord> records)
    {
        _totals.Add(TrafficTotals.Of(records));
        if (_plan.WarmUp > TimeSpan.Zero)
            _warmUp.Add(TrafficTotals.Of(records[..FirstAt(records, _plan.From + _plan.WarmUp)]));
        if (_meter.Course is not { } course)
            return;
        foreach (ref readonly StreamRecord record in records)
            course.Arrived(ArrivalNumbers.TicksOf(in record));
    }

    private void Count(StreamRecord record) => Count(new ReadOnlySpan<StreamRecord>(in record));

    // Every new shard continues all those whose hashes it takes over; AWS gets there in several steps of splits and merges.
    private void Reshard(PlannedReshard reshard)
    {
        _feed!.BringUntil(Loop.Now);
        TrafficShard[] old = _open;
        int next = Loop.Shards.Count;
        _open = [.. HashKeyRange.Split(reshard.Shards).Select((range, index) => new TrafficShard(
            next + index, range, _feed, _delay, [.. old.Where(shard => Overlap(shard.Range, range)).Select(shard => shard.Id)]))];
        _feed.Serve(_open);
        _meter.Open(_open.Length, (Loop.Now - ArrivalNumbers.Epoch).Ticks);
        foreach (TrafficShard child in _open)
            Loop.Add(child);
        foreach (TrafficShard shard in old)
        {
            Loop.At(shard.AllVisibleAt ?? Loop.Now, () =>
            {
                shard.AdvanceTo(Loop.Now);
                Loop.Close(shard);
            });
        }
    }

    private static bool Overlap(HashKeyRange one, HashKeyRange other) =>
        one.StartingHashKey <= other.EndingHashKey && other.StartingHashKey <= one.EndingHashKey;

    private static int FirstAt(ReadOnlySpan<StreamRecord> records, TimeSpan time)
    {
        (int low, int high) = (0, records.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (ArrivalNumbers.TicksOf(in records[middle]) < time.Ticks)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
