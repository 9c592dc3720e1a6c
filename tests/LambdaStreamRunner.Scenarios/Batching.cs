using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Scenarios;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html (batching behaviour)</summary>
public class Batching
{
    private const int MiB = 1024 * 1024;

    // An arrival time with three decimals, so that a record without data takes 536 bytes.
    private const double ThreeDecimals = 0.766;

    [Theory, BothLanePolicies]
    public void S_18_what_waits_is_delivered_in_full_batches_back_to_back(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { BatchSize = 100, LanePolicy = policy }).Records(250).Takes(0.1).Run();

        Assert.Equal("[1-100] [101-200] [201-250]", run.Invocations);
        Assert.Equal("0 0.1 0.2", run.Starts);
        Assert.Equal(1, run.MaxConcurrency);
    }

    [Theory, BothLanePolicies]
    public void S_19_a_lone_record_goes_with_the_poll_that_finds_it(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { BatchSize = 100, Polling = PollingMode.Aws, LanePolicy = policy })
            .Records(1, at: 0.3).RunUntil(5);

        Assert.Equal("[1]", run.Invocations);
        Assert.Equal("1", run.Starts);
    }

    [Theory, BothLanePolicies]
    public void S_19_a_lone_record_goes_at_once_when_the_shard_is_read_eagerly(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { BatchSize = 100, LanePolicy = policy }).Records(1, at: 0.3).Run();

        Assert.Equal("[1]", run.Invocations);
        Assert.Equal("0.3", run.Starts);
    }

    [Theory, BothLanePolicies]
    public void S_20_records_gather_until_the_window_ends_and_not_until_a_poll(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy, batchSize: 100, seconds: 5) with { Polling = PollingMode.Aws })
            .Records(1).Records(1, at: 6).Records(1, at: 7).Records(1, at: 8).Takes(0.25).RunUntil(20);

        Assert.Equal("[1] [2-4]", run.Invocations);
        Assert.Equal("5 10.25", run.Starts);
    }

    [Theory, BothLanePolicies]
    public void S_21_a_record_that_comes_after_the_window_does_not_wait_for_another_one(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy, batchSize: 100, seconds: 5)).Records(1, at: 7).Run();

        Assert.Equal("7", run.Starts);
    }

    [Theory, BothLanePolicies]
    public void S_22_a_full_batch_does_not_wait_for_its_window(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy, batchSize: 3, seconds: 300)).Records(3, at: 1).Run();

        Assert.Equal("[1-3]", run.Invocations);
        Assert.Equal("1", run.Starts);
    }

    [Theory, BothLanePolicies]
    public void S_23_four_records_of_1_MiB_fill_an_event(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy, batchSize: 10_000, seconds: 300))
            .Records(7, bytes: MiB, age: ThreeDecimals).Run();

        Assert.Equal("[1-4] [5-7]", run.Invocations);
        Assert.Equal("0 300", run.Starts);
    }

    [Theory, BothLanePolicies]
    public void S_25_windows_without_records_invoke_nothing(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy, batchSize: 100, seconds: 5) with { Polling = PollingMode.Aws }).RunUntil(60);

        Assert.All(run.Loop.History.Steps, step => Assert.True(step is HistoryStep.ShardCreated or HistoryStep.MachineBegan));
    }

    [Theory, BothLanePolicies]
    public void S_26_shards_run_at_the_same_time_and_a_batch_never_mixes_them(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { BatchSize = 10, LanePolicy = policy })
            .Shards(2).Records(10, shard: 0).Records(10, shard: 1).Takes(0.1).Run();

        Assert.Equal("[1-10]", run.InvocationsOfShard(0));
        Assert.Equal("[11-20]", run.InvocationsOfShard(1));
        Assert.Equal("0 0", run.Starts);
        Assert.Equal(2, run.MaxConcurrency);
    }

    [Theory, BothLanePolicies]
    public void S_106_the_window_starts_again_when_the_last_part_of_the_batch_is_resolved(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy, batchSize: 10, seconds: 5) with { MaximumRetryAttempts = 1 })
            .Records(3, at: 1).Records(1, at: 5.2).Throws(2).Takes(0.1).Run();

        Assert.Equal("[1-3]✗×2 [4]", run.Invocations);
        Assert.Equal("5 5.3 10.4", run.Starts);
        Assert.Equal("5.4", run.DiscardTimes);
    }

    [Theory, BothLanePolicies]
    public void S_108_an_event_of_exactly_the_limit_is_sent_at_once(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy, batchSize: 100, seconds: 300))
            .Records(6, bytes: 673_680, age: ThreeDecimals).Records(1, bytes: 673_683, age: ThreeDecimals).Run();

        Assert.Equal("[1-7]", run.Invocations);
        Assert.Equal("0", run.Starts);
        Assert.Equal(6_291_456, EventLength(run.Calls[0].Records.ToArray()));
    }

    [Theory, BothLanePolicies]
    public void S_108_a_record_that_would_pass_the_limit_is_left_for_the_next_batch(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy, batchSize: 100, seconds: 300))
            .Records(6, bytes: 673_680, age: ThreeDecimals).Records(1, bytes: 673_684, age: ThreeDecimals).Run();

        Assert.Equal("[1-6] [7]", run.Invocations);
        Assert.Equal("0 300", run.Starts);
    }

    [Theory]
    [InlineData(0, 536)]
    [InlineData(1024, 536 + 1368)]
    [InlineData(MiB, 536 + 1_398_104)]
    public void A_record_takes_536_bytes_and_its_data_in_base64(int bytes, long length)
    {
        ScenarioRun run = Scenario.Of(new()).Records(1, bytes: bytes, age: ThreeDecimals).Run();

        Assert.Equal(KinesisEventFormat.EnvelopeLength + length, EventLength(run.Calls[0].Records.ToArray()));
    }

    [Theory, BothLanePolicies]
    public void S_114_a_record_that_no_event_can_hold_is_tried_without_a_call(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy, batchSize: 10, seconds: 300) with { MaximumRetryAttempts = 2, BisectBatchOnFunctionError = true })
            .Records(2).Records(1, bytes: 5 * MiB).Records(1).Run();

        Assert.Equal("[1-2] [4]", run.Invocations);
        Assert.Equal("0 300.6", run.Starts);
        Assert.Equal(["RetryAttemptsExhausted [3] batchSize 1, count 3, no response"], run.Discards);
        Assert.Equal("0.6", run.DiscardTimes);
    }

    private static EventSourceMapping Windowed(LanePolicy policy, int batchSize, int seconds) =>
        new() { BatchSize = batchSize, MaximumBatchingWindow = TimeSpan.FromSeconds(seconds), LanePolicy = policy };

    private static long EventLength(StreamRecord[] records) =>
        KinesisEventFormat.EnvelopeLength + records.Sum(record => (long)record.EventLength + Scenario.FixedRecordLength) + records.Length - 1;
}
