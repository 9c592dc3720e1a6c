namespace LambdaStreamRunner.Testing.Tests.Exploring;

public class ExplorerTests
{
    private const int SchedulesMax = 2_000;

    [Fact]
    public async Task One_fault_at_every_place_comes_first()
    {
        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(() => NotIdempotent().Given(Records.Of("order-1", "r1", "r2"))
            .Under(Faults.HandlerThrows(0.5)).Expect(Delivery.EffectsExactlyOnce).Explore(SchedulesMax, Exploration.Exhaustive).RunAsync());

        Assert.Equal(Delivery.EffectsExactlyOnce.Name, failure.Promise);
        Assert.Single(failure.Records);
        Assert.Contains("-exhaustive-", failure.ReplayFile, StringComparison.Ordinal);
        File.Delete(failure.ReplayFile!);
    }

    [Fact]
    public async Task A_crash_before_a_checkpoint_is_found_among_all_schedules()
    {
        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(() => NotIdempotent().Given(Records.RoundRobin(1, 2, perSecond: 1))
            .Under(Faults.RunnerCrash().CheckpointLatency(3_000)).Expect(Delivery.EffectsExactlyOnce).Explore(SchedulesMax, Exploration.Exhaustive).RunAsync());

        Assert.Equal(Delivery.EffectsExactlyOnce.Name, failure.Promise);
        File.Delete(failure.ReplayFile!);
    }

    [Fact]
    public async Task All_schedules_of_a_record_without_faults_are_few()
    {
        ExplorationResult all = await NotIdempotent().Given(Records.Of("order-1", "r1")).Explore(SchedulesMax, Exploration.Exhaustive).RunAsync();
        ExplorationResult some = await NotIdempotent().Given(Records.Of("order-1", "r1")).Explore(2, Exploration.Exhaustive).RunAsync();

        Assert.True(all.IsComplete);
        Assert.InRange(all.Schedules, 3, 500);
        Assert.Equal((2, false), (some.Schedules, some.IsComplete));
    }

    private static StreamTest NotIdempotent() => StreamTest.For(environment => (Stream input) =>
    {
        using var json = System.Text.Json.JsonDocument.Parse(input);
        foreach (System.Text.Json.JsonElement record in json.RootElement.GetProperty("Records").EnumerateArray())
        {
            System.Text.Json.JsonElement kinesis = record.GetProperty("kinesis");
            environment.Effects.Add(kinesis.GetProperty("partitionKey").GetString()!, System.Text.Encoding.UTF8.GetString(kinesis.GetProperty("data").GetBytesFromBase64()));
        }
    });
}
