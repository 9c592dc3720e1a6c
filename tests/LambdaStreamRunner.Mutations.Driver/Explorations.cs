using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Testing;

namespace LambdaStreamRunner.Mutations.Driver;

/// <summary>The worlds in which a core has to keep its promises, whatever was broken in it.</summary>
internal static class Explorations
{
    private static readonly FaultPlan Troubles = Faults.HandlerLatency(0, 1_500).HandlerThrows(0.1).HandlerTimesOut(0.03).Throttles(0.1);

    /// <summary>All of them, by name.</summary>
    public static OrderedDictionary<string, Func<Task>> All { get; } = new()
    {
        ["hash lanes"] = () => Explore(HashLanes(), Many),
        ["hash lanes, step by step"] = FollowHashLanesAsync,
        ["dynamic keys"] = () => Explore(DynamicKeys(), Many),
        ["retries"] = () => Explore(Retries(), Many),
        ["bisect"] = () => Explore(Bisect(), Many),
        ["partial responses"] = () => Explore(PartialResponses(), Many),
        ["record age"] = () => Explore(RecordAge(), Many),
        ["batching windows"] = () => Explore(BatchingWindows(), Many),
        ["windows, read eagerly"] = () => Explore(EagerWindows(), Many),
        ["tumbling windows"] = () => Explore(TumblingWindows(), Many),
        ["filters"] = () => Explore(Filters(), Many),
        ["reshards"] = () => Explore(Reshards(), Many),
        ["crashes"] = () => Explore(Crashes(), Many),
        ["crashes, dynamic keys"] = () => Explore(DynamicCrashes(), Many),
        ["failing reads"] = () => Explore(FailingReads(), Many),
        ["large records"] = () => Explore(LargeRecords(), Few),
        ["catch-up"] = () => Explore(CatchUp(), Few),
    };

    private const int Many = 200;

    // Of worlds in which megabytes are written and read.
    private const int Few = 6;

    private static Task<ExplorationResult> Explore(StreamTest test, int schedules) => test.Explore(schedules).RunAsync();

    private static StreamTest HashLanes() => Of(mapping => mapping with { BatchSize = 3, ParallelizationFactor = 3 })
        .Given(Records.Zipf(6, 30, perSecond: 10))
        .Under(Troubles);

    // Schedules assign lanes by themselves; step by step it is the policy that does.
    private static async Task FollowHashLanesAsync()
    {
        StreamTest test = Of(mapping => mapping with { BatchSize = 3, ParallelizationFactor = 4 }).Under(Faults.HandlerLatency(700, 700));
        for (int nth = 1; nth <= 20; nth++)
        {
            for (int key = 0; key < 8; key++)
                test.Put($"key-{key}", $"key-{key}#{nth}");
            await test.AdvanceAsync(TimeSpan.FromMilliseconds(370));
        }
        await test.RunUntilIdleAsync();
        test.Verify();
    }

    private static StreamTest DynamicKeys() => Of(mapping => mapping with { BatchSize = 3, ParallelizationFactor = 3, LanePolicy = LanePolicy.DynamicKeys, Polling = PollingMode.Eager })
        .Given(Records.Zipf(6, 30, perSecond: 10))
        .Under(Troubles);

    private static StreamTest Retries() => Of(mapping => mapping with { BatchSize = 4, ParallelizationFactor = 2, MaximumRetryAttempts = 2 })
        .OnFailureDestination()
        .Given(Records.RoundRobin(4, 20, perSecond: 4).Poison("key-2", nth: 2))
        .Under(Faults.HandlerLatency(0, 500).HandlerThrows(0.3).Throttles(0.3));

    private static StreamTest Bisect() => Of(mapping => mapping with { BatchSize = 9, BisectBatchOnFunctionError = true, MaximumRetryAttempts = 1 })
        .OnFailureDestination()
        .Given(Records.RoundRobin(3, 20).Poison("key-2", nth: 3))
        .Under(Faults.HandlerThrows(0.2).Throttles(0.2));

    private static StreamTest PartialResponses() => StreamTest.For(environment => new OrderHandler(environment).ReportAsync)
        .Mapping(mapping => mapping with { BatchSize = 6, ParallelizationFactor = 2, FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures] })
        .Given(Records.RoundRobin(4, 24, perSecond: 8))
        .Under(Faults.HandlerLatency(0, 300).EffectFails(0.1).FalseReports(0.2).Throttles(0.05));

    private static StreamTest RecordAge() => Of(mapping => mapping with { BatchSize = 5, MaximumRecordAge = TimeSpan.FromSeconds(60) })
        .OnFailureDestination()
        .Given(Records.RoundRobin(3, 15, perSecond: 0.5).Poison("key-1", nth: 2))
        .Under(Faults.HandlerLatency(0, 500).HandlerThrows(0.1).Throttles(0.1).ClockJump());

    private static StreamTest BatchingWindows() => Of(mapping => mapping with { BatchSize = 6, ParallelizationFactor = 2, MaximumBatchingWindow = TimeSpan.FromSeconds(5) })
        .Given(Records.RoundRobin(5, 30, perSecond: 1.5))
        .Under(Faults.HandlerLatency(0, 2_000).Throttles(0.05));

    private static StreamTest EagerWindows() => Of(mapping => mapping with
    {
        BatchSize = 4,
        ParallelizationFactor = 2,
        MaximumBatchingWindow = TimeSpan.FromSeconds(2),
        LanePolicy = LanePolicy.DynamicKeys,
        Polling = PollingMode.Eager,
    })
        .Given(Records.RoundRobin(5, 30, perSecond: 3))
        .Under(Faults.HandlerLatency(0, 1_000).HandlerThrows(0.05));

    private static StreamTest TumblingWindows() => StreamTest.For(environment => new OrderHandler(environment).CountAsync)
        .Mapping(mapping => mapping with { BatchSize = 4, TumblingWindow = TimeSpan.FromSeconds(10), TumblingWindowGrace = TimeSpan.FromSeconds(20) })
        .Given(Records.RoundRobin(3, 20, perSecond: 0.8))
        .Under(Faults.HandlerLatency(0, 1_000).HandlerThrows(0.1).Throttles(0.1).RunnerCrash())
        .Expect("The states of all windows count every record once.", WhyMiscounted);

    private static StreamTest Filters() => Of(mapping => mapping with
    {
        BatchSize = 4,
        ParallelizationFactor = 2,
        FilterCriteria = FilterCriteria.Parse("""{"data":{"wanted":[true]}}"""),
    })
        .Given(Records.RoundRobin(4, 24, perSecond: 6).Payload(record => new { wanted = record.Nth % 3 != 0, record.Label }))
        .EffectsAre(record => record.Nth % 3 == 0 ? null : (record.Key, record.Text))
        .Under(Faults.HandlerLatency(0, 1_000).HandlerThrows(0.1).RunnerCrash().CheckpointLatency(500));

    private static StreamTest Reshards() => Of(mapping => mapping with { BatchSize = 4, ParallelizationFactor = 2, MaximumRetryAttempts = 1 })
        .Shards(2)
        .OnFailureDestination()
        .Given(Records.RoundRobin(6, 36, perSecond: 6))
        .Under(Faults.HandlerLatency(0, 3_000).HandlerThrows(0.2).CheckpointLatency(300).Reshard(times: 2));

    private static StreamTest Crashes() => Of(mapping => mapping with { BatchSize = 3, ParallelizationFactor = 3, MaximumRetryAttempts = 1 })
        .OnFailureDestination()
        .Given(Records.Zipf(6, 30, perSecond: 6))
        .Under(Faults.HandlerLatency(0, 2_000).HandlerThrows(0.2).CheckpointLatency(500).RunnerCrash(times: 2));

    private static StreamTest DynamicCrashes() => Of(mapping => mapping with { BatchSize = 3, ParallelizationFactor = 3, LanePolicy = LanePolicy.DynamicKeys, Polling = PollingMode.Push })
        .Given(Records.Zipf(6, 30, perSecond: 6))
        .Under(Faults.HandlerLatency(0, 2_000).HandlerThrows(0.1).CheckpointLatency(500).RunnerCrash(times: 2));

    private static StreamTest FailingReads() => Of(mapping => mapping with { BatchSize = 5, ParallelizationFactor = 2 })
        .Given(Records.RoundRobin(4, 20, perSecond: 4))
        .Under(Faults.HandlerLatency(0, 500).ReadThrottling(0.3).ExpiredIterators(0.2).ProducerRepeats(0.1).ClockJump());

    // Four of them fit into an event, ten into what is read ahead.
    private static StreamTest LargeRecords() => Of(mapping => mapping with { BatchSize = 10, Polling = PollingMode.Eager })
        .Given(Large(Records.RoundRobin(2, 20), 1_000_000))
        .EffectsAre(record => (record.Key, record.Label))
        .Under(Faults.HandlerThrows(0.1));

    // A lane that is busy, and twice as much as may be read ahead: the others go on, and its records are read again.
    private static StreamTest CatchUp() => Of(mapping => mapping with { BatchSize = 1, ParallelizationFactor = 2, LanePolicy = LanePolicy.DynamicKeys, Polling = PollingMode.Eager })
        .Given(Large(Records.RoundRobin(1, 14).Then(Records.RoundRobin(4, 12, prefix: "other-")), 900_000))
        .EffectsAre(record => (record.Key, record.Label))
        .Under(Faults.HandlerLatency(300, 2_000));

    private static Records Large(Records records, int length)
    {
        string padding = new(' ', length);
        return records.Payload(record => record.Label + padding);
    }

    private static StreamTest Of(Func<EventSourceMapping, EventSourceMapping> settings) =>
        StreamTest.For(environment => new OrderHandler(environment).HandleAsync).Mapping(settings);

    // Crashes repeat a final invocation; the last one counts.
    private static string? WhyMiscounted(TestRun run)
    {
        var counts = new Dictionary<(string, DateTimeOffset), int>();
        foreach (Invocation call in run.Calls)
        {
            if (call is { Window: { IsFinalInvoke: true } window, Outcome: BatchOutcome.Succeeded })
                counts[(call.ShardId, window.Window.Start)] = OrderHandler.CountIn(window.Window.State);
        }
        return counts.Values.Sum() == run.Records.Length ? null : $"{run.Records.Length} records were put, and the windows count {counts.Values.Sum()}.";
    }
}
