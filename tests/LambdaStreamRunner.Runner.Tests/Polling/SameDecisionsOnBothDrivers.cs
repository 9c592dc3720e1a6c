using System.Globalization;
using CsCheck;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Runner.Tests.Polling;

/// <summary>One engine: the same input history gives the same decisions on the pump and on the simulation. What was tuned and tested is what runs.</summary>
public class SameDecisionsOnBothDrivers
{
    private const int PutsMax = 60;

    private static readonly TimeSpan Horizon = TimeSpan.FromSeconds(150);

    /// <summary>What begins later may be cut off by the end of one driver and not of the other, whose timers fire early. A call takes 0.7 s at most.</summary>
    private static readonly TimeSpan JudgedUntil = (2 * Horizon) - TimeSpan.FromSeconds(1);

    private static readonly FilterCriteria SomeKeys =
        FilterCriteria.Parse("""{"partitionKey":["key-0",{"suffix":"2"},{"suffix":"5"}]}""", """{"partitionKey":["key-1"]}""");

    private static readonly Gen<EventSourceMapping> Mappings =
        from batchSize in Gen.Int[1, 6]
        from window in Gen.Int[0, 3]
        from factor in Gen.Int[1, 4]
        from bisect in Gen.Bool
        from retries in Gen.Int[EventSourceMapping.Unlimited, 3]
        from ages in Gen.Bool
        from reports in Gen.Bool
        from policy in Gen.Enum<LanePolicy>()
        from filters in Gen.Bool
        from polling in Gen.Enum<PollingMode>()
        select new EventSourceMapping
        {
            BatchSize = batchSize,
            MaximumBatchingWindow = TimeSpan.FromSeconds(window),
            ParallelizationFactor = factor,
            BisectBatchOnFunctionError = bisect,
            MaximumRetryAttempts = retries,
            MaximumRecordAge = ages ? TimeSpan.FromSeconds(60) : null,
            FunctionResponseTypes = reports ? [FunctionResponseType.ReportBatchItemFailures] : [],
            FilterCriteria = filters ? SomeKeys : FilterCriteria.None,
            LanePolicy = policy,
            Polling = polling,
        };

    private static readonly Gen<History> Histories =
        from mapping in Mappings
        from seed in Gen.Int[0, 1_000_000]
        from puts in Gen.Int[1, PutsMax]
        from stop in Gen.Enum<StopMode>()
        from closes in Gen.Bool
        from early in Gen.Int[0, 30_000]
        select new History(mapping, seed, puts, stop, closes, TimeSpan.FromTicks(early));

    [Fact]
    public void The_pump_decides_as_the_simulation_does() => Histories.Sample(
        history =>
        {
            Decisions simulated = Simulate(history);
            Decisions pumped = Pump(history);

            Assert.Equal(Judged(simulated.Calls), Judged(pumped.Calls));
            Assert.Equal(Judged(simulated.Discards), Judged(pumped.Discards));
            Assert.Equal(Judged(simulated.Checkpoints), Judged(pumped.Checkpoints));
            Assert.Equal(simulated.End, pumped.End);
        },
        iter: 300, writeLine: Console.WriteLine);

    [Fact]
    public void The_histories_reach_failures_discards_and_several_lanes()
    {
        var mapping = new EventSourceMapping { BatchSize = 3, ParallelizationFactor = 3, BisectBatchOnFunctionError = true, MaximumRetryAttempts = 1 };

        Decisions decisions = Pump(new History(mapping, Seed: 7, PutsMax, StopMode.Drain, Closes: false, EarlyTimers: TimeSpan.Zero));

        Assert.NotEmpty(decisions.Discards);
        Assert.Contains(decisions.Calls, call => call.Contains("lane 2", StringComparison.Ordinal));
        Assert.Contains(decisions.Calls, call => call.Contains("Throttled", StringComparison.Ordinal));
        Assert.Contains(decisions.Calls, call => call.Contains("Failed", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Judged(IEnumerable<string> lines) =>
        lines.Where(line => double.Parse(HistoryText.SecondsIn(line), CultureInfo.InvariantCulture) < JudgedUntil.TotalSeconds);

    private static Decisions Simulate(History history)
    {
        var shard = new SimulatedShard(0, HashKeyRange.Full);
        var options = new SimulationOptions { Seed = history.Seed, FixedRecordLength = PumpWorld.FixedRecordLength };
        var loop = new SimulationLoop(history.Mapping, [shard], FunctionOf(history.Seed), options);
        (DateTimeOffset Time, StreamRecord Record)[] records = RecordsOf(history.Seed, history.Puts);
        foreach ((DateTimeOffset time, StreamRecord record) in records)
            loop.At(time, () => loop.Put(shard, record));
        if (history.Closes)
            loop.At(EndAfter(records[^1].Time), () => loop.Close(shard));
        loop.RunUntil(PumpWorld.Start + Horizon);
        loop.Stop(history.Stop);
        loop.RunUntil(PumpWorld.Start + (2 * Horizon));

        return new Decisions(
            [.. loop.History.Invocations.Select(call => HistoryText.Call(call.Time, call.Lane, call.RequestId, call.Records, call.Outcome!))],
            [.. loop.History.Discards.Select(discard => HistoryText.Discard(discard.Time, discard.Batch))],
            [.. loop.History.Checkpoints.Select(saved => HistoryText.Checkpoint(saved.Time, saved.Checkpoint))],
            loop.History.Steps.OfType<HistoryStep.MachineClosed>().SingleOrDefault()?.Reason.ToString());
    }

    private static Decisions Pump(History history)
    {
        using var world = new PumpWorld(history.Mapping, history.Seed) { Function = FunctionOf(history.Seed) };
        (DateTimeOffset Time, StreamRecord Record)[] records = RecordsOf(history.Seed, history.Puts);
        foreach ((DateTimeOffset time, StreamRecord record) in records)
            world.At(time, () => world.Put(record));
        if (history.Closes)
            world.At(EndAfter(records[^1].Time), world.CloseShard);
        world.Clock.Early = history.EarlyTimers;
        world.Begin();
        world.RunUntil(PumpWorld.Start + Horizon);
        world.Stop(history.Stop);
        world.RunUntil(PumpWorld.Start + (2 * Horizon));

        return new Decisions(world.Calls, world.Discards, world.Saved, world.End?.ToString());
    }

    /// <summary>Records that arrive over some ten seconds, at moments that are no whole millisecond: nothing else is due just then.</summary>
    private static (DateTimeOffset Time, StreamRecord Record)[] RecordsOf(int seed, int puts)
    {
        var random = new Random(seed);
        int keys = random.Next(1, 12);
        var records = new (DateTimeOffset, StreamRecord)[puts];
        DateTimeOffset now = PumpWorld.Start;
        for (int index = 0; index < puts; index++)
        {
            now += OddTime(random, random.Next(4) == 0 ? 800 : 20);
            records[index] = (now, PumpWorld.RecordOf($"key-{random.Next(keys)}", index, now));
        }
        return records;
    }

    private static int IndexOf(StreamRecord record) => (int)record.SequenceNumber.Index - 1;

    private static DateTimeOffset EndAfter(DateTimeOffset lastPut) => lastPut.AddTicks(12_345_677);

    private static TimeSpan OddTime(Random random, int millisecondsMax) =>
        TimeSpan.FromTicks((random.NextInt64(millisecondsMax + 1) * TimeSpan.TicksPerMillisecond) + random.Next(1, (int)TimeSpan.TicksPerMillisecond));

    /// <summary>What a function does with a batch depends on the batch alone and how often it was tried: equal for both drivers.</summary>
    private static FunctionModel FunctionOf(int seed)
    {
        var tries = new Dictionary<(int First, int Count), int>();
        return (batch, _) =>
        {
            (int First, int Count) part = (IndexOf(batch.Records.Span[0]), batch.Records.Length);
            int attempt = tries[part] = tries.GetValueOrDefault(part) + 1;
            var random = new Random(HashOf(seed, part.First, part.Count, attempt));
            BatchOutcome outcome = random.Next(10) switch
            {
                0 or 1 => new BatchOutcome.Failed("boom"),
                2 => new BatchOutcome.PartlyFailed(random.Next(part.Count)),
                3 => new BatchOutcome.Throttled("no room"),
                _ => part.First % 17 == 5 ? new BatchOutcome.Failed("never") : BatchOutcome.Succeeded.Instance,
            };
            return new FunctionAnswer(outcome, OddTime(random, 700));
        };
    }

    // HashCode differs from run to run.
    private static int HashOf(int seed, int first, int count, int attempt) => unchecked((((((seed * 31) + first) * 31) + count) * 31) + attempt);

    private sealed record History(EventSourceMapping Mapping, int Seed, int Puts, StopMode Stop, bool Closes, TimeSpan EarlyTimers);

    private sealed record Decisions(IReadOnlyList<string> Calls, IReadOnlyList<string> Discards, IReadOnlyList<string> Checkpoints, string? End);
}
