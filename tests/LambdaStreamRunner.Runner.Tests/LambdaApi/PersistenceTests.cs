using System.Text.Json;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Tests.Hosting;

namespace LambdaStreamRunner.Runner.Tests.LambdaApi;

/// <summary>What the API makes, changes and deletes survives the process; what is edited in the configuration wins, property by property.</summary>
public sealed class PersistenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lambda-api-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_mapping_that_was_made_over_the_API_goes_on_where_it_was()
    {
        LambdaReply before;
        await using (LambdaServer first = await StartAsync())
        {
            string uuid = await first.CreatedAsync(("BatchSize", 7), ("Tags", new { team = "blue" }), ("FunctionName", "Clicks:live"));
            first.Put("1", "2");
            await first.DrainAsync();
            before = await first.GetAsync(uuid);
            await first.Runner.StopAsync(CancellationToken.None);
        }
        await using LambdaServer second = await StartAsync();
        second.Put("3");
        await second.DrainAsync();

        Assert.Equal(["3"], second.Handler.Texts);
        LambdaReply after = await second.GetAsync(before.Text("UUID"));
        Assert.Equal(Without(before, "LastProcessingResult"), Without(after, "LastProcessingResult"));
        string arn = Uri.EscapeDataString(after.Text("EventSourceMappingArn"));
        Assert.Equal("{\"team\":\"blue\"}", (await second.SendAsync(HttpMethod.Get, $"/2017-03-31/tags/{arn}")).Json.GetProperty("Tags").GetRawText());
    }

    [Fact]
    public async Task LATEST_keeps_its_place_over_a_restart()
    {
        await using (LambdaServer first = await StartAsync())
        {
            first.Put("before");
            await first.CreatedAsync(("StartingPosition", "LATEST"));
            await first.Runner.StopAsync(CancellationToken.None);
            first.Put("between");
        }
        await using LambdaServer second = await StartAsync();
        await second.DrainAsync();

        Assert.Equal(["between"], second.Handler.Texts);
    }

    [Fact]
    public async Task A_configured_mapping_that_was_disabled_stays_so_until_its_entry_is_edited()
    {
        string uuid;
        await using (LambdaServer first = await StartAsync(options => LambdaServer.Map(options, mapping => mapping with { BatchSize = 10 })))
        {
            uuid = await OnlyUuidAsync(first);
            await first.UpdatedAsync(uuid, new { Enabled = false, BatchSize = 20, MaximumRetryAttempts = 3 });
        }
        await using (LambdaServer second = await StartAsync(options => LambdaServer.Map(options, mapping => mapping with { BatchSize = 10 })))
        {
            LambdaReply kept = await second.GetAsync(uuid);
            Assert.Equal(("Disabled", 20, 3), (kept.Text("State"), kept.Number("BatchSize"), kept.Number("MaximumRetryAttempts")));
        }
        await using LambdaServer third = await StartAsync(options => LambdaServer.Map(options, mapping => mapping with { BatchSize = 30 }));
        LambdaReply edited = await third.GetAsync(uuid);
        Assert.Equal(("Disabled", 30, 3), (edited.Text("State"), edited.Number("BatchSize"), edited.Number("MaximumRetryAttempts")));
    }

    [Fact]
    public async Task What_the_file_said_once_and_was_overruled_by_an_edit_does_not_come_back()
    {
        foreach ((int written, int expected) in ((int, int)[])[(10, 20), (30, 30), (30, 30), (10, 10)])
        {
            await using LambdaServer server = await StartAsync(options => LambdaServer.Map(options, mapping => mapping with { BatchSize = written }));
            string uuid = await OnlyUuidAsync(server);
            if (expected == 20)
                await server.UpdatedAsync(uuid, new { BatchSize = 20 });

            Assert.Equal(expected, (await server.GetAsync(uuid)).Number("BatchSize"));
        }
    }

    [Fact]
    public async Task A_configured_mapping_that_was_deleted_stays_so_until_its_entry_is_edited_and_starts_over_then()
    {
        string uuid;
        await using (LambdaServer first = await StartAsync(options => LambdaServer.Map(options)))
        {
            uuid = await OnlyUuidAsync(first);
            first.Put("1");
            await first.DrainAsync();
            await first.DeleteAsync(uuid);
            Assert.Equal("gone", await first.AtRestAsync(uuid));
        }
        await using (LambdaServer second = await StartAsync(options => LambdaServer.Map(options)))
        {
            Assert.Equal(404, (await second.GetAsync(uuid)).Status);
            await second.DrainAsync();
            Assert.Empty(second.Handler.Seen);
        }
        await using LambdaServer third = await StartAsync(options => LambdaServer.Map(options, mapping => mapping with { BatchSize = 9 }));
        await third.DrainAsync();
        Assert.Equal(uuid, await OnlyUuidAsync(third));
        Assert.Equal(["1"], third.Handler.Texts);
    }

    [Fact]
    public async Task A_mapping_of_the_API_that_comes_into_the_file_is_the_same_one()
    {
        string uuid;
        await using (LambdaServer first = await StartAsync())
        {
            uuid = await first.CreatedAsync(("BatchSize", 20));
            first.Put("1");
            await first.DrainAsync();
            await first.Runner.StopAsync(CancellationToken.None);
        }
        foreach (int start in (int[])[1, 2])
        {
            await using LambdaServer later = await StartAsync(options => LambdaServer.Map(options, mapping => mapping with { BatchSize = 30 }));
            later.Put($"{start}");
            await later.DrainAsync();

            Assert.Equal(uuid, await OnlyUuidAsync(later));
            Assert.Equal([$"{start}"], later.Handler.Texts);
            Assert.Equal(30, (await later.GetAsync(uuid)).Number("BatchSize"));
            await later.Runner.StopAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task One_that_came_from_the_API_into_the_file_stays_deleted_too()
    {
        await using (LambdaServer first = await StartAsync())
            await first.CreatedAsync();
        await using (LambdaServer second = await StartAsync(options => LambdaServer.Map(options)))
        {
            string uuid = await OnlyUuidAsync(second);
            await second.DeleteAsync(uuid);
            Assert.Equal("gone", await second.AtRestAsync(uuid));
        }
        foreach ((int batchSize, int expected) in ((int, int)[])[(100, 0), (9, 1), (100, 1)])
        {
            await using LambdaServer later = await StartAsync(options => LambdaServer.Map(options, mapping => mapping with { BatchSize = batchSize }));
            Assert.Equal(expected, (await later.SendAsync(HttpMethod.Get, LambdaServer.Mappings)).Json.GetProperty("EventSourceMappings").GetArrayLength());
        }
    }

    [Fact]
    public async Task One_of_the_file_that_was_deleted_and_made_again_keeps_what_the_API_says_until_its_entry_is_edited()
    {
        string uuid;
        await using (LambdaServer first = await StartAsync(options => LambdaServer.Map(options)))
        {
            string configured = await OnlyUuidAsync(first);
            await first.DeleteAsync(configured);
            Assert.Equal("gone", await first.AtRestAsync(configured));
            uuid = await first.CreatedAsync(("BatchSize", 7), ("MaximumRetryAttempts", 3));
        }
        foreach ((int written, int expected) in ((int, int)[])[(100, 7), (100, 7), (30, 30)])
        {
            await using LambdaServer later = await StartAsync(options => LambdaServer.Map(options, mapping => mapping with { BatchSize = written }));
            Assert.Equal(uuid, await OnlyUuidAsync(later));
            LambdaReply kept = await later.GetAsync(uuid);
            Assert.Equal((expected, 3), (kept.Number("BatchSize"), kept.Number("MaximumRetryAttempts")));
        }
    }

    [Fact]
    public async Task S_14_when_its_function_is_gone_it_stays_Enabled_and_its_records_wait()
    {
        string uuid;
        await using (LambdaServer first = await StartAsync(options => options.AddFunction("Gone", new Action<ClickEvent>(_ => { }))))
            uuid = await first.CreatedAsync(("FunctionName", "Gone"));
        await using (LambdaServer second = await StartAsync())
        {
            second.Put("1");
            LambdaReply mapping = await second.GetAsync(uuid);
            Assert.Equal(("Enabled", "PROBLEM: Function does not exist"), (mapping.Text("State"), mapping.Text("LastProcessingResult")));
            Assert.EndsWith(":function:Gone", mapping.Text("FunctionArn"), StringComparison.Ordinal);
            Assert.False(second.Runner.IsDrained);
            Assert.Equal("Function does not exist", Assert.Single(second.Runner.Problems()).Value);
        }
        var handler = new ClickHandler();
        await using LambdaServer third = await StartAsync(options => options.AddFunction("Gone", handler.HandleAsync));
        await third.DrainAsync();
        Assert.Equal(["1"], handler.Texts);
    }

    [Fact]
    public async Task When_its_function_cannot_be_loaded_any_more_the_others_start_all_the_same()
    {
        string uuid;
        await using (LambdaServer first = await StartAsync(options => options.AddFunction("Broken", new Action<ClickEvent>(_ => { }))))
            uuid = await first.CreatedAsync(("FunctionName", "Broken"));
        await using LambdaServer second = await StartAsync(options => LambdaServer.Map(WithBroken(options)));
        second.Put("1");
        await second.SeesAsync("1");

        LambdaReply mapping = await second.GetAsync(uuid);
        Assert.Equal("Enabled", mapping.Text("State"));
        Assert.StartsWith("PROBLEM: ", mapping.Text("LastProcessingResult"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mapping_of_the_file_whose_function_cannot_be_loaded_ends_the_start() =>
        await Assert.ThrowsAsync<FunctionLoadException>(() => StartAsync(options => WithBroken(options).AddMapping("clicks", "Broken")));

    [Fact]
    public async Task When_its_stream_is_gone_it_stays_and_says_so()
    {
        string uuid;
        await using (LambdaServer first = await StartAsync())
        {
            first.Runner.Streams.Create("fresh", 1);
            uuid = await first.CreatedAsync(("EventSourceArn", "arn:aws:kinesis:us-east-1:000000000000:stream/fresh"));
            await first.Runner.StopAsync(CancellationToken.None);
            first.Runner.Streams.Delete("fresh");
        }
        await using LambdaServer second = await StartAsync();
        LambdaReply mapping = await second.GetAsync(uuid);

        Assert.Equal(
            ("Enabled", "PROBLEM: Stream not found: arn:aws:kinesis:us-east-1:000000000000:stream/fresh"), (mapping.Text("State"), mapping.Text("LastProcessingResult")));

        second.Runner.Streams.Create("fresh", 1);
        second.Runner.Put("fresh", "a", "1");
        await second.SeesAsync("1");
    }

    [Fact]
    public async Task A_destination_whose_endpoint_nobody_names_any_more_keeps_the_mapping_waiting()
    {
        const string Queue = "arn:aws:sqs:us-east-1:000000000000:failed";
        string uuid;
        await using (LambdaServer first = await StartAsync(options => options.Configuration = options.Configuration with
        {
            Endpoints = new ServiceEndpoints { Sqs = ServiceEndpoint.TryParse("http://127.0.0.1:1") },
        }))
            uuid = await first.CreatedAsync(("DestinationConfig", new { OnFailure = new { Destination = Queue } }), ("Enabled", false));
        await using (LambdaServer second = await StartAsync())
        {
            second.Put("1");
            await second.UpdatedAsync(uuid, new { Enabled = true });
            Assert.False(second.Runner.IsDrained);
            Assert.Empty(second.Handler.Seen);
            Assert.StartsWith($"PROBLEM: The destination is {Queue}, and nothing is sent to AWS unasked.", (await second.GetAsync(uuid)).Text("LastProcessingResult"), StringComparison.Ordinal);
        }
        await using LambdaServer third = await StartAsync();
        Assert.Equal(Queue, (await third.GetAsync(uuid)).Json.GetProperty("DestinationConfig").GetProperty("OnFailure").GetProperty("Destination").GetString());
        await third.UpdatedAsync(uuid, new { DestinationConfig = new { } });
        await third.DrainAsync();
        Assert.Equal(["1"], third.Handler.Texts);
    }

    [Fact]
    public async Task What_the_file_and_the_API_say_may_not_go_together_and_then_the_mapping_waits()
    {
        string uuid;
        await using (LambdaServer first = await StartAsync(options => LambdaServer.Map(options)))
        {
            uuid = await OnlyUuidAsync(first);
            await first.UpdatedAsync(uuid, new { TumblingWindowInSeconds = 30 });
        }
        await using LambdaServer second = await StartAsync(options => LambdaServer.Map(options, mapping => mapping with { ParallelizationFactor = 2 }));
        LambdaReply both = await second.GetAsync(uuid);
        Assert.Equal(
            (30, 2, "PROBLEM: ParallelizationFactor must be 1 when TumblingWindowInSeconds is set."),
            (both.Number("TumblingWindowInSeconds"), both.Number("ParallelizationFactor"), both.Text("LastProcessingResult")));
        await second.UpdatedAsync(uuid, new { TumblingWindowInSeconds = 0 });
        second.Put("1");
        await second.DrainAsync();
        Assert.Equal(["1"], second.Handler.Texts);
    }

    [Fact]
    public async Task Of_a_deleted_mapping_nothing_is_left()
    {
        await using (LambdaServer first = await StartAsync())
        {
            string uuid = await first.CreatedAsync();
            first.Put("1");
            await first.DrainAsync();
            await first.DeleteAsync(uuid);
            Assert.Equal("gone", await first.AtRestAsync(uuid));
        }
        await using LambdaServer second = await StartAsync();

        Assert.Equal(0, (await second.SendAsync(HttpMethod.Get, LambdaServer.Mappings)).Json.GetProperty("EventSourceMappings").GetArrayLength());
        await second.CreatedAsync();
        await second.DrainAsync();
        Assert.Equal(["1"], second.Handler.Texts);
    }

    /// <summary>The function "Broken", whose code is not there.</summary>
    private static StreamRunnerOptions WithBroken(StreamRunnerOptions options)
    {
        FunctionConfiguration clicks = options.Configuration.Functions[0];
        var broken = new FunctionConfiguration
        {
            Name = "Broken",
            Arn = clicks.Arn.Replace(":Clicks", ":Broken", StringComparison.Ordinal),
            CodeUri = "/not/there.dll",
            Handler = "A::B.C::D",
        };
        options.Configuration = options.Configuration with { Functions = options.Configuration.Functions.Add(broken) };
        return options;
    }

    private Task<LambdaServer> StartAsync(Action<StreamRunnerOptions>? change = null) => LambdaServer.StartAsync(options =>
    {
        options.UseDataDirectory(_folder);
        change?.Invoke(options);
    });

    private static async Task<string> OnlyUuidAsync(LambdaServer server)
    {
        JsonElement mappings = (await server.SendAsync(HttpMethod.Get, LambdaServer.Mappings)).Json.GetProperty("EventSourceMappings");
        return Assert.Single(mappings.EnumerateArray()).GetProperty("UUID").GetString()!;
    }

    private static string Without(LambdaReply reply, string name) =>
        string.Join('\n', reply.Json.EnumerateObject().Where(member => member.Name != name).Select(member => $"{member.Name}={member.Value.GetRawText()}"));
}
