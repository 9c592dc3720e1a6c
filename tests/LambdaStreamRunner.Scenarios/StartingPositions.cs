using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Scenarios;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html (starting position)</summary>
public class StartingPositions
{
    [Theory, BothLanePolicies]
    public void S_16_AT_TIMESTAMP_begins_with_the_first_record_of_that_time(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { LanePolicy = policy })
            .Records(1, age: 11).Records(1, age: 10).Records(1, age: 9)
            .From(ShardPosition.AtTimestamp(Scenario.Start.AddSeconds(-10))).Run();

        Assert.Equal("[2-3]", run.Invocations);
        Assert.Equal(3, run.Checkpoint);
    }

    [Theory, BothLanePolicies]
    public void S_17_LATEST_begins_after_the_record_that_was_the_last_when_the_mapping_was_made(LanePolicy policy)
    {
        Scenario scenario = Scenario.Of(new() { LanePolicy = policy }).Records(3);
        ScenarioRun run = scenario.From(ShardPosition.After(scenario.LastRecord.SequenceNumber)).Records(2, at: 1).Run();

        Assert.Equal("[4-5]", run.Invocations);
    }

    [Theory, BothLanePolicies]
    public void TRIM_HORIZON_begins_with_the_oldest_record_that_is_retained(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { LanePolicy = policy })
            .Records(2, age: 90_000).Records(2, age: 80_000).Records(1).Run();

        Assert.Equal("[3-5]", run.Invocations);
    }
}
