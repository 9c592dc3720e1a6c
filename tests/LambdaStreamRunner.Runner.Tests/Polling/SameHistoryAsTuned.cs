using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Runner.Tests.Polling;

/// <summary>What a tuned setting is predicted to do is what the runner's own pump does with it, under the same traffic and the same function.</summary>
public class SameHistoryAsTuned
{
    // Longer than any pause between two attempts: what the pump still had to do, it would have done.
    private static readonly TimeSpan LongAfter = TimeSpan.FromMinutes(2);

    // So many that no two lanes end at the same moment, as they would at a timeout: which of them is first is then nobody's decision.
    private static readonly ImmutableArray<double> Durations = [.. Enumerable.Range(1, 20_000).Select(place => place * 0.000_107)];

    private static readonly Gen<EventSourceMapping> Mappings =
        from batchSize in Gen.Int[1, 12]
        from window in Gen.Int[0, 2]
        from factor in Gen.Int[1, 6]
        from bisect in Gen.Bool
        from retries in Gen.Int[0, 3]
        from ages in Gen.Bool
        from reports in Gen.Bool
        from policy in Gen.Enum<LanePolicy>()
        from pushes in Gen.Bool
        select new EventSourceMapping
        {
            BatchSize = batchSize,
            MaximumBatchingWindow = TimeSpan.FromSeconds(window),
            ParallelizationFactor = factor,
            BisectBatchOnFunctionError = bisect,
            MaximumRetryAttempts = retries,
            MaximumRecordAge = ages ? TimeSpan.FromSeconds(60) : null,
            FunctionResponseTypes = reports ? [FunctionResponseType.ReportBatchItemFailures] : [],
            LanePolicy = policy,
            Polling = pushes ? PollingMode.Push : PollingMode.Aws,
        };

    private static readonly Gen<(SimulationPlan Plan, Arrival[] Arrivals)> Scenarios =
        from mapping in Mappings
        from seed in Gen.Int[1, 1_000_000]
        from records in Gen.Int[1, 60]
        from poison in Gen.Double[0, 0.1]
        from transient in Gen.Double[0, 0.3]
        from hasOutage in Gen.Bool
        select (new SimulationPlan
        {
            Setting = new TunedSetting(1, mapping),
            Handler = new HandlerModel
            {
                Fixed = TimeSpan.FromTicks(2_000_003),
                PerRecord = TimeSpan.FromTicks(130_007),
                Variation = Durations,
                Timeout = TimeSpan.FromMinutes(15),
            },
            Failures = new FailureModel
            {
                PoisonRate = poison,
                TransientRate = transient,
                Outages = hasOutage ? [new Outage(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5))] : [],
            },
            Timing = StreamTiming.Ideal,
            Seed = seed,
            KeepsHistory = true,
        },
        ArrivalsOf(seed, records));

    [Fact]
    public void The_simulator_and_the_pump_have_the_same_history_in_a_thousand_scenarios()
    {
        int discards = 0;
        Scenarios.Sample(
            scenario =>
            {
                string[] simulated = Simulate(scenario.Plan, scenario.Arrivals, out DateTimeOffset end);
                string[] pumped = Pump(scenario.Plan, scenario.Arrivals, end + LongAfter);

                Assert.Equal(simulated, pumped);
                Assert.Equal(HashOf(simulated), HashOf(pumped));
                Interlocked.Add(ref discards, simulated.Count(line => line.Contains("after", StringComparison.Ordinal)));
            },
            iter: 1_000, writeLine: Console.WriteLine);
        Assert.True(discards > 100, $"Only {discards} batches were discarded: the scenarios are too tame.");
    }

    private static string[] Simulate(SimulationPlan plan, Arrival[] arrivals, out DateTimeOffset end)
    {
        using SimulationRun run = SimulationRun.Over(TrafficLayout.Of(new RecordedTraffic("a test", arrivals), 1), plan, new RecordedTraffic("a test", arrivals));
        run.RunToEnd(new KeyCounts(0, []), progress: null, CancellationToken.None);
        end = run.Loop.Now;
        return
        [
            .. run.Loop.History.Invocations.Select(call => HistoryText.Call(call.Time, call.Lane, call.RequestId, call.Records, call.Outcome!)),
            .. run.Loop.History.Discards.Select(discard => HistoryText.Discard(discard.Time, discard.Batch)),
        ];
    }

    private static string[] Pump(SimulationPlan plan, Arrival[] arrivals, DateTimeOffset until)
    {
        var traffic = new RecordedTraffic("a test", arrivals);
        var function = new ModelledFunction(plan, new PoisonRecords(plan.Failures, plan.Seed, traffic));
        using var world = new PumpWorld(plan.Setting.Mapping, plan.Seed) { Function = function.Begin };
        foreach (StreamRecord record in TrafficLayout.Of(traffic, 1).Records[0])
            world.At(PumpWorld.Start.AddTicks(ArrivalNumbers.TicksOf(in record)), () => world.Put(record));
        world.Begin();
        world.RunUntil(until);
        Assert.Equal(0, world.Status().HeldRecords);
        return [.. world.Calls, .. world.Discards];
    }

    // At moments that are no whole millisecond and have a data length of their own, by which the lines tell them apart.
    private static Arrival[] ArrivalsOf(int seed, int records)
    {
        var random = new Random(seed);
        int keys = random.Next(1, 12);
        long ticks = 0;
        var arrivals = new Arrival[records];
        for (int record = 0; record < records; record++)
        {
            ticks += random.NextInt64(1, random.Next(4) == 0 ? 8_000_000 : 200_000);
            UInt128 key = HashKeyRange.HashOf(Encoding.UTF8.GetBytes($"key-{random.Next(keys)}"));
            arrivals[record] = new Arrival(ticks, key, 5, record + 1);
        }
        return arrivals;
    }

    private static string HashOf(string[] history) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', history))));
}
