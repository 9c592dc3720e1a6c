using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Scenarios;

/// <summary>https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-after-resharding.html (the parent's side)</summary>
public class Resharding
{
    [Theory, BothLanePolicies]
    public void S_93_a_closed_shard_is_done_when_its_last_batch_is_discarded(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { BatchSize = 10, MaximumRetryAttempts = 2, LanePolicy = policy })
            .Records(10).AlwaysThrows().ShardsClose(at: 0.1).Run();

        Assert.Equal("[1-10]✗×3", run.Invocations);
        Assert.Equal("ShardEnd@0.6", run.Closings);
        Assert.True(run.Loop.Checkpoints[0].ShardEnded);
    }

    [Theory, BothLanePolicies]
    public void The_end_of_a_shard_ends_its_window(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { BatchSize = 10, MaximumBatchingWindow = TimeSpan.FromSeconds(300), ParallelizationFactor = 2, LanePolicy = policy })
            .Records(3).ShardsClose(at: 5).Takes(1).Run();

        Assert.Equal("[1-3]", run.Invocations);
        Assert.Equal("5", run.Starts);
        Assert.Equal("ShardEnd@6", run.Closings);
    }

    [Theory, BothLanePolicies]
    public void An_empty_shard_that_is_closed_is_done_at_once(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { LanePolicy = policy }).ShardsClose(at: 5).Run();

        Assert.Equal("ShardEnd@5", run.Closings);
        Assert.Empty(run.Calls);
    }
}
