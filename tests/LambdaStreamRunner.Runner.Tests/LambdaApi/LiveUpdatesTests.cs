using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.Runner.Tests.Hosting;

namespace LambdaStreamRunner.Runner.Tests.LambdaApi;

/// <summary>Settings are changed while records flow: nothing is lost, and no key overtakes itself.</summary>
public class LiveUpdatesTests
{
    private const int Keys = 20;
    private const int Rounds = 60;

    [Theory]
    [InlineData(1, LanePolicy.HashLanes)]
    [InlineData(3, LanePolicy.HashLanes)]
    [InlineData(2, LanePolicy.DynamicKeys)]
    public async Task Random_updates_while_records_flow_lose_nothing_and_keep_the_order_of_every_key(int shards, LanePolicy policy)
    {
        int seed = Environment.GetEnvironmentVariable("SEED") is { } given ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"SEED={seed}");
        var random = new Random(seed);
        await using LambdaServer server = await LambdaServer.StartAsync(options => options.AddStream("many", shards)
            .AddMapping("many", "Clicks", mapping => mapping with { ParallelizationFactor = 3, BatchSize = 5, LanePolicy = policy }));
        string uuid = server.Runner.CurrentMappings.Single().Uuid.ToString();

        for (int round = 0; round < Rounds; round++)
        {
            foreach (int key in Enumerable.Range(0, Keys))
                server.Runner.Put("many", $"key-{key}", $"{round:0000}");
            if (round % 3 == 0)
                await server.UpdatedAsync(uuid, RandomChange(random));
        }
        await server.UpdatedAsync(uuid, new { Enabled = true });
        await server.DrainAsync();

        ILookup<string, string> texts = server.Handler.Seen.ToLookup(click => click.PartitionKey, click => click.Text);
        Assert.Equal(Keys, texts.Count);
        Assert.All(texts, key => Assert.Equal(Enumerable.Range(0, Rounds).Select(round => $"{round:0000}"), key.Distinct()));
        MappingSummary summary = await server.SummaryAsync();
        Assert.True(summary.ViolationCount == 0, string.Join('\n', summary.Violations));
        Assert.Equal((0L, 0L), (summary.Unsettled, summary.Discarded));
        Assert.Equal(Keys * Rounds, summary.Succeeded - summary.DuplicateDeliveries);
    }

    [Fact]
    public async Task A_change_that_changes_nothing_does_not_stop_what_runs()
    {
        await using LambdaServer server = await LambdaServer.StartAsync(options => options.AddMapping("clicks", "Clicks"));
        string uuid = (await server.SendAsync(HttpMethod.Get, LambdaServer.Mappings)).Json.GetProperty("EventSourceMappings")[0].GetProperty("UUID").GetString()!;

        LambdaReply reply = await server.UpdateAsync(uuid, new { BatchSize = 100 });

        Assert.Equal((202, "Updating"), (reply.Status, reply.Text("State")));
        Assert.Equal("Enabled", await server.AtRestAsync(uuid));
        server.Put("1");
        await server.DrainAsync();
        Assert.Equal(["1"], server.Handler.Texts);
    }

    [Fact]
    public async Task The_checker_holds_a_mapping_to_its_new_settings_and_to_no_old_ones()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        string uuid = await server.CreatedAsync(("BatchSize", 1));
        server.Put("1");
        await server.DrainAsync();

        await server.UpdatedAsync(uuid, new { BatchSize = 10, Enabled = false });
        server.Put("2", "3", "4");
        await server.UpdatedAsync(uuid, new { Enabled = true });
        await server.DrainAsync();

        MappingSummary summary = await server.SummaryAsync();
        Assert.Equal((3, 0L, 4L), (summary.BatchSize.Max, summary.ViolationCount, summary.Succeeded));
    }

    [Fact]
    public async Task A_run_that_waits_until_drained_waits_for_a_mapping_that_was_made_meanwhile()
    {
        TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using LambdaServer server = await LambdaServer.StartAsync(options => options.AddFunction("Slow", (ClickEvent _) => released.Task, timeout: TimeSpan.FromMinutes(1)));
        server.Put("1");
        await server.CreatedAsync(("FunctionName", "Slow"));

        Task drained = server.DrainAsync();
        Assert.False(drained.IsCompleted);
        Assert.Equal(1, Assert.Single(server.Runner.Progress()).Known);
        released.SetResult();
        await drained.SoonAsync();

        Assert.Single((await server.Runner.GetStatusAsync(TestContext.Current.CancellationToken)).Keys, "clicks → Slow");
    }

    private static object RandomChange(Random random) => random.Next(5) switch
    {
        0 => new { BatchSize = random.Next(1, 30) },
        1 => new { ParallelizationFactor = random.Next(1, 11) },
        2 => new { Enabled = random.Next(2) == 0 },
        3 => new { BatchSize = random.Next(1, 30), ParallelizationFactor = random.Next(1, 11), BisectBatchOnFunctionError = random.Next(2) == 0 },
        _ => new { Enabled = true, MaximumRetryAttempts = random.Next(5) },
    };
}
