using System.Text.Json;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Tests.Hosting;

namespace LambdaStreamRunner.Runner.Tests.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html</summary>
public class CreateEventSourceMappingTests
{
    [Fact]
    public async Task S_01_with_the_required_members_only_it_has_exactly_AWSs_defaults()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        LambdaReply reply = await server.CreateAsync();

        Assert.Equal(202, reply.Status);
        JsonElement mapping = reply.Json;
        string uuid = mapping.GetProperty("UUID").GetString()!;
        var expected = new Dictionary<string, string>
        {
            ["UUID"] = $"\"{uuid}\"",
            ["EventSourceMappingArn"] = $"\"arn:aws:lambda:us-east-1:000000000000:event-source-mapping:{uuid}\"",
            ["EventSourceArn"] = $"\"{LambdaServer.StreamArn}\"",
            ["FunctionArn"] = $"\"{LambdaServer.FunctionArn}\"",
            ["StartingPosition"] = "\"TRIM_HORIZON\"",
            ["BatchSize"] = "100",
            ["MaximumBatchingWindowInSeconds"] = "0",
            ["ParallelizationFactor"] = "1",
            ["BisectBatchOnFunctionError"] = "false",
            ["MaximumRetryAttempts"] = "-1",
            ["MaximumRecordAgeInSeconds"] = "-1",
            ["TumblingWindowInSeconds"] = "0",
            ["FunctionResponseTypes"] = "[]",
            ["DestinationConfig"] = "{\"OnFailure\":{}}",
            ["State"] = "\"Creating\"",
            ["StateTransitionReason"] = "\"User action\"",
            ["LastProcessingResult"] = "\"No records processed\"",
            ["LastModified"] = mapping.GetProperty("LastModified").GetRawText(),
        };
        Assert.Equal(expected.OrderBy(member => member.Key), mapping.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetRawText()).OrderBy(member => member.Key));
        Assert.Equal("Enabled", await server.AtRestAsync(uuid));
        double modified = mapping.GetProperty("LastModified").GetDouble();
        Assert.Equal(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), modified, 60.0);
        Assert.Contains("x-amzn-RequestId", reply.Headers.Keys);
    }

    [Theory]
    [InlineData("BatchSize", 10_000)]
    [InlineData("MaximumBatchingWindowInSeconds", 300)]
    [InlineData("ParallelizationFactor", 10)]
    [InlineData("MaximumRetryAttempts", 10_000)]
    [InlineData("TumblingWindowInSeconds", 900)]
    [InlineData("MaximumRecordAgeInSeconds", 60)]
    [InlineData("MaximumRecordAgeInSeconds", 604_800)]
    [InlineData("MaximumRecordAgeInSeconds", -1)]
    public async Task S_03_S_04_the_ends_of_a_range_are_taken(string name, int value)
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        LambdaReply reply = await server.CreateAsync((name, value), ("Enabled", false));

        Assert.Equal((202, value), (reply.Status, reply.Number(name)));
    }

    [Fact]
    public async Task S_05_a_BatchSize_above_10_needs_no_window()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        Assert.Equal(202, (await server.CreateAsync(("BatchSize", 101), ("MaximumBatchingWindowInSeconds", 0))).Status);
    }

    [Fact]
    public async Task S_08_one_that_is_not_enabled_is_Creating_and_then_Disabled_and_is_not_polled()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        server.Put("1");

        LambdaReply reply = await server.CreateAsync(("Enabled", false));

        Assert.Equal("Creating", reply.Text("State"));
        Assert.Equal("Disabled", await server.AtRestAsync(reply.Text("UUID")));
        await server.DrainAsync();
        Assert.Empty(server.Handler.Seen);
        Assert.Empty(server.Runner.Summarize().Mappings);
    }

    [Fact]
    public async Task S_15_on_an_alias_FunctionArn_and_the_handlers_context_keep_it()
    {
        var seen = new TaskCompletionSource<(string Arn, string Version)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using LambdaServer server = await LambdaServer.StartAsync(options =>
        {
            options.AddFunction("Aliased", (ClickEvent _, Amazon.Lambda.Core.ILambdaContext context) => seen.TrySetResult((context.InvokedFunctionArn, context.FunctionVersion)));
            options.Configuration = options.Configuration with { Functions = [.. options.Configuration.Functions.Select(function => function with { Alias = "live" })] };
        });
        server.Put("1");

        LambdaReply reply = await server.CreateAsync(("FunctionName", "Aliased:live"));

        string arn = "arn:aws:lambda:us-east-1:000000000000:function:Aliased:live";
        Assert.Equal(arn, reply.Text("FunctionArn"));
        Assert.Equal((arn, "1"), await seen.Task.WaitAsync(TestRunner.Patience, TestContext.Current.CancellationToken));
        await server.AtRestAsync(reply.Text("UUID"));
        await server.DrainAsync();
        Assert.Equal("clicks → Aliased:live", (await server.SummaryAsync()).Name);
    }

    [Fact]
    public async Task S_15_the_failure_record_has_the_version_behind_the_alias()
    {
        string folder = Directory.CreateTempSubdirectory("lambda-api-").FullName;
        try
        {
            string file = Path.Combine(folder, "failed.jsonl");
            await using LambdaServer server = await LambdaServer.StartAsync(options =>
            {
                options.AddFunction("Broken", new Action<ClickEvent>(_ => throw new FormatException("Always.")))
                    .AddMapping("clicks", "Broken", mapping => mapping with { MaximumRetryAttempts = 0 }, new OnFailureDestination.File(file));
                options.Configuration = options.Configuration with
                {
                    Functions = [.. options.Configuration.Functions.Select(function => function with { Alias = "live" })],
                    Mappings = [.. options.Configuration.Mappings.Select(mapping => mapping with { Qualifier = "live", Function = mapping.Function with { Alias = "live" } })],
                };
            });
            server.Put("1");

            await server.DrainAsync();

            JsonElement document = JsonDocument.Parse(Assert.Single(await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken))).RootElement;
            Assert.EndsWith(":function:Broken:live", document.GetProperty("requestContext").GetProperty("functionArn").GetString(), StringComparison.Ordinal);
            Assert.Equal("1", document.GetProperty("responseContext").GetProperty("executedVersion").GetString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("Clicks", "")]
    [InlineData("Clicks:$LATEST", ":$LATEST")]
    [InlineData("Clicks:1", ":1")]
    [InlineData("000000000000:function:Clicks:live", ":live")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:Clicks", "")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:Clicks:live", ":live")]
    public async Task FunctionArn_keeps_the_qualifier_as_it_was_given(string name, string qualifier)
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        LambdaReply reply = await server.CreateAsync(("FunctionName", name), ("Enabled", false));

        Assert.Equal(LambdaServer.FunctionArn + qualifier, reply.Text("FunctionArn"));
    }

    [Fact]
    public async Task S_16_AT_TIMESTAMP_is_cut_to_whole_seconds()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        LambdaReply reply = await server.CreateAsync(("StartingPosition", "AT_TIMESTAMP"), ("StartingPositionTimestamp", 1_700_000_000.0358956));

        Assert.Equal(1_700_000_000, reply.Number("StartingPositionTimestamp"));
    }

    [Fact]
    public async Task S_17_LATEST_is_bound_when_Create_returns()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        server.Put("before");

        LambdaReply reply = await server.CreateAsync(("StartingPosition", "LATEST"));
        server.Put("after");

        await server.AtRestAsync(reply.Text("UUID"));
        await server.DrainAsync();
        Assert.Equal(["after"], server.Handler.Texts);
    }

    [Fact]
    public async Task A_stream_that_is_not_configured_can_be_mapped()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        server.Runner.Streams.Create("fresh", shardCount: 2);

        string uuid = await server.CreatedAsync(("EventSourceArn", "arn:aws:kinesis:us-east-1:000000000000:stream/fresh"));
        server.Runner.Put("fresh", "a", "1");

        await server.DrainAsync();
        Assert.Equal(["1"], server.Handler.Texts);
        Assert.Equal("OK", (await server.GetAsync(uuid)).Text("LastProcessingResult"));
    }

    [Fact]
    public async Task A_consumer_is_another_source_than_its_stream_and_must_be_there()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        using var http = new HttpClient { BaseAddress = server.Runner.Endpoint };
        JsonElement registered = await http.KinesisAsync("RegisterStreamConsumer", new { StreamARN = LambdaServer.StreamArn, ConsumerName = "fan" });
        string consumer = registered.GetProperty("Consumer").GetProperty("ConsumerARN").GetString()!;
        await server.CreatedAsync();

        LambdaReply reply = await server.CreateAsync(("EventSourceArn", consumer));
        LambdaReply absent = await server.CreateAsync(("EventSourceArn", $"{LambdaServer.StreamArn}/consumer/none:1700000000"));

        Assert.Equal((202, consumer), (reply.Status, reply.Text("EventSourceArn")));
        Assert.Equal($"Stream not found: {LambdaServer.StreamArn}/consumer/none:1700000000", absent.Message);
        await server.AtRestAsync(reply.Text("UUID"));
        server.Put("1");
        await server.DrainAsync();
        Assert.Equal(["1", "1"], server.Handler.Texts);
    }

    [Fact]
    public async Task A_function_that_nobody_needed_is_loaded_when_it_is_mapped()
    {
        await using LambdaServer server = await LambdaServer.StartAsync(options => LambdaServer.Map(options));
        server.Put("1");

        await server.CreatedAsync(("FunctionName", "Other"));

        await server.DrainAsync();
        Assert.Equal([1L, 1L], server.Runner.Summarize().Mappings.Select(mapping => mapping.Succeeded));
    }

    [Fact]
    public async Task Null_and_empty_members_say_nothing()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        LambdaReply reply = await server.CreateAsync(
            ("BatchSize", null), ("FilterCriteria", new { Filters = Array.Empty<object>() }), ("KMSKeyArn", ""), ("Topics", Array.Empty<string>()),
            ("DestinationConfig", new { OnFailure = new { Destination = "" } }), ("MetricsConfig", new { Metrics = Array.Empty<string>() }));

        Assert.Equal((202, 100), (reply.Status, reply.Number("BatchSize")));
        Assert.False(reply.Json.TryGetProperty("FilterCriteria", out _));
    }

    [Fact]
    public async Task A_path_with_a_slash_at_its_end_is_the_same_path()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        Assert.Equal(202, (await server.SendAsync(HttpMethod.Post, $"{LambdaServer.Mappings}/", LambdaServer.NewMapping())).Status);
    }
}
