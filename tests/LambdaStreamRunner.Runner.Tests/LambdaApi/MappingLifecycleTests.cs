using System.Text.Json;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.Runner.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.LambdaApi;

/// <summary>Reference 1.6: the states of a mapping, and what happens to records meanwhile.</summary>
public class MappingLifecycleTests
{
    [Fact]
    public async Task S_09_records_that_wait_are_delivered_when_it_is_enabled()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        string uuid = await server.CreatedAsync(("Enabled", false));
        server.Put("1", "2", "3", "4", "5");

        LambdaReply enabling = await server.UpdateAsync(uuid, new { Enabled = true });

        Assert.Equal((202, "Enabling"), (enabling.Status, enabling.Text("State")));
        Assert.Equal("Enabled", await server.AtRestAsync(uuid));
        await server.DrainAsync();
        Assert.Equal(["1", "2", "3", "4", "5"], server.Handler.Texts);
    }

    [Fact]
    public async Task S_10_one_that_was_disabled_goes_on_after_the_last_processed_record()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        string uuid = await server.CreatedAsync();
        server.Put("1", "2");
        await server.DrainAsync();

        LambdaReply disabling = await server.UpdateAsync(uuid, new { Enabled = false });
        Assert.Equal("Disabling", disabling.Text("State"));
        Assert.Equal("Disabled", await server.AtRestAsync(uuid));
        server.Put("3", "4");
        await server.DrainAsync();
        Assert.Equal(["1", "2"], server.Handler.Texts);
        await server.UpdatedAsync(uuid, new { Enabled = true });
        await server.DrainAsync();

        Assert.Equal(["1", "2", "3", "4"], server.Handler.Texts);
        MappingSummary summary = await server.SummaryAsync();
        Assert.Equal((4, 4, 0, 0, 0), (summary.Records, summary.Succeeded, summary.Unsettled, summary.DuplicateDeliveries, summary.ViolationCount));
    }

    [Fact]
    public async Task A_batch_in_flight_ends_and_counts_before_it_is_Disabled()
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously), released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using LambdaServer server = await LambdaServer.StartAsync(options => options.AddFunction("Slow", async (ClickEvent _) =>
        {
            started.TrySetResult();
            await released.Task;
        }, timeout: TimeSpan.FromMinutes(1)));
        string uuid = await server.CreatedAsync(("FunctionName", "Slow"), ("BatchSize", 1));
        server.Put("1", "2");
        await started.Task.SoonAsync();

        await server.UpdateAsync(uuid, new { Enabled = false });

        Assert.Equal("Disabling", (await server.GetAsync(uuid)).Text("State"));
        LambdaReply second = await server.UpdateAsync(uuid, new { Enabled = true });
        Assert.Equal((400, "ResourceInUseException"), (second.Status, second.ErrorType));
        released.SetResult();
        Assert.Equal("Disabled", await server.AtRestAsync(uuid));
        MappingSummary summary = await server.SummaryAsync();
        Assert.Equal((1, 1, 0), (summary.Succeeded, summary.Invocations, summary.Unsettled));
    }

    [Fact]
    public async Task S_11_a_deleted_one_is_gone_and_a_new_one_starts_over()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        string first = await server.CreatedAsync();
        server.Put("1", "2");
        await server.DrainAsync();

        LambdaReply deleting = await server.DeleteAsync(first);
        Assert.Equal((202, "Deleting", "OK"), (deleting.Status, deleting.Text("State"), deleting.Text("LastProcessingResult")));
        Assert.Equal("gone", await server.AtRestAsync(first));
        string second = await server.CreatedAsync();
        await server.DrainAsync();

        Assert.NotEqual(first, second);
        Assert.Equal(["1", "2", "1", "2"], server.Handler.Texts);
        await server.Runner.StopAsync(CancellationToken.None);
        Assert.Equal([2L, 2L], server.Runner.Summarize().Mappings.Select(mapping => mapping.Succeeded));
    }

    [Fact]
    public async Task S_12_a_UUID_that_nobody_has()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        foreach (string uuid in (string[])[Guid.NewGuid().ToString(), "no-uuid"])
        {
            LambdaReply[] replies = [await server.GetAsync(uuid), await server.UpdateAsync(uuid, new { BatchSize = 1 }), await server.DeleteAsync(uuid)];

            Assert.All(replies, reply =>
            {
                Assert.Equal((404, "ResourceNotFoundException"), (reply.Status, reply.ErrorType));
                Assert.Equal("The resource you requested does not exist.", reply.Text("Message"));
                Assert.Equal("User", reply.Text("Type"));
            });
        }
    }

    [Fact]
    public async Task S_13_with_a_delay_it_is_Creating_for_a_while_and_nobody_may_change_it()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using LambdaServer server = await LambdaServer.StartAsync(
            options => options.UseLifecycleDelays(new LifecycleDelays { MappingChanging = TimeSpan.FromSeconds(5) }), time);
        string uuid = (await server.CreateAsync()).Text("UUID");

        time.Advance(TimeSpan.FromSeconds(4));
        LambdaReply[] replies = [await server.UpdateAsync(uuid, new { BatchSize = 1 }), await server.DeleteAsync(uuid)];

        Assert.All(replies, reply =>
        {
            Assert.Equal((400, "ResourceInUseException"), (reply.Status, reply.ErrorType));
            Assert.Equal("Cannot update the event source mapping because it is in use.", reply.Text("Message"));
        });
        Assert.Equal("Creating", (await server.GetAsync(uuid)).Text("State"));
        Assert.Equal("Enabled", await server.AtRestAsync(uuid, ASecondPasses));
        Assert.Equal("Updating", (await server.UpdateAsync(uuid, new { BatchSize = 1 })).Text("State"));
        Assert.Equal("Updating", (await server.GetAsync(uuid)).Text("State"));
        Assert.Equal("Enabled", await server.AtRestAsync(uuid, ASecondPasses));
        Assert.Equal("Deleting", (await server.DeleteAsync(uuid)).Text("State"));
        Assert.Equal("Deleting", (await server.GetAsync(uuid)).Text("State"));
        Assert.Equal("gone", await server.AtRestAsync(uuid, ASecondPasses));

        void ASecondPasses() => time.Advance(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task An_update_shows_and_keeps_its_settings_and_the_next_batch_obeys_them()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        string uuid = await server.CreatedAsync();

        LambdaReply reply = await server.UpdateAsync(uuid, new
        {
            BatchSize = 1,
            MaximumRetryAttempts = 3,
            BisectBatchOnFunctionError = true,
            MaximumRecordAgeInSeconds = 60,
            FunctionResponseTypes = new[] { "ReportBatchItemFailures" },
        });
        await server.AtRestAsync(uuid);
        server.Put("1", "2", "3");
        await server.DrainAsync();

        Assert.Equal("Updating", reply.Text("State"));
        LambdaReply now = await server.GetAsync(uuid);
        Assert.Equal((1, 3, 60, "Enabled"), (now.Number("BatchSize"), now.Number("MaximumRetryAttempts"), now.Number("MaximumRecordAgeInSeconds"), now.Text("State")));
        Assert.Equal("[\"ReportBatchItemFailures\"]", now.Json.GetProperty("FunctionResponseTypes").GetRawText());
        Assert.Equal(1, (await server.SummaryAsync()).BatchSize.Max);
    }

    [Fact]
    public async Task A_mapping_of_the_configuration_keeps_the_file_of_its_destination_and_no_other_can_be_set()
    {
        string file = Path.Combine(Path.GetTempPath(), "lambda-api-never-written.jsonl");
        await using LambdaServer server = await LambdaServer.StartAsync(options => options.AddMapping("clicks", "Clicks", onFailure: new OnFailureDestination.File(file)));
        string uuid = await UuidAsync(server);

        LambdaReply same = await server.UpdateAsync(uuid, new { DestinationConfig = new { OnFailure = new { Destination = $"file:{file}" } }, BatchSize = 7 });
        await server.AtRestAsync(uuid);
        LambdaReply other = await server.UpdateAsync(uuid, new { DestinationConfig = new { OnFailure = new { Destination = $"file:{file}2" } } });
        LambdaReply none = await server.UpdateAsync(uuid, new { DestinationConfig = new { OnFailure = new { Destination = "" } } });
        await server.AtRestAsync(uuid);
        LambdaReply back = await server.UpdateAsync(uuid, new { DestinationConfig = new { OnFailure = new { Destination = $"file:{file}" } } });

        Assert.Equal($"file:{file}", same.Json.GetProperty("DestinationConfig").GetProperty("OnFailure").GetProperty("Destination").GetString());
        Assert.Equal((400, 202, 400), (other.Status, none.Status, back.Status));
        Assert.Equal("{\"OnFailure\":{}}", none.Json.GetProperty("DestinationConfig").GetRawText());
    }

    [Fact]
    public async Task An_update_to_another_function_takes_the_mapping_with_its_UUID_and_its_place()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        string uuid = await server.CreatedAsync();
        server.Put("1", "2");
        await server.DrainAsync();

        await server.UpdatedAsync(uuid, new { FunctionName = "Other" });
        server.Put("3");
        await server.DrainAsync();

        Assert.Equal(["1", "2"], server.Handler.Texts);
        Assert.EndsWith(":function:Other", (await server.GetAsync(uuid)).Text("FunctionArn"), StringComparison.Ordinal);
        await server.Runner.StopAsync(CancellationToken.None);
        Assert.Equal(
            [("clicks → Other", 1L), ("clicks → Clicks", 2L)], server.Runner.Summarize().Mappings.Select(mapping => (mapping.Name, mapping.Succeeded)));
    }

    [Fact]
    public async Task LastProcessingResult_says_what_came_of_the_last_attempt()
    {
        bool isBroken = true;
        await using LambdaServer server = await LambdaServer.StartAsync(options => options.AddFunction("Moody", new Action<ClickEvent>(_ =>
        {
            if (isBroken)
                throw new FormatException("Not now.");
        })));
        string uuid = await server.CreatedAsync(("FunctionName", "Moody"), ("MaximumRetryAttempts", 0));
        Assert.Equal("No records processed", (await server.GetAsync(uuid)).Text("LastProcessingResult"));

        server.Put("1");
        await server.DrainAsync();
        Assert.Equal("PROBLEM: Function call failed", (await server.GetAsync(uuid)).Text("LastProcessingResult"));
        isBroken = false;
        server.Put("2");
        await server.DrainAsync();
        Assert.Equal("OK", (await server.GetAsync(uuid)).Text("LastProcessingResult"));
    }

    [Fact]
    public async Task A_function_that_cannot_be_loaded_is_a_problem_of_the_mapping_and_not_of_the_others()
    {
        await using LambdaServer server = await LambdaServer.StartAsync(options => options.Configuration = options.Configuration with
        {
            Functions = options.Configuration.Functions.Add(new FunctionConfiguration
            {
                Name = "Absent",
                Arn = "arn:aws:lambda:us-east-1:000000000000:function:Absent",
                CodeUri = "/nowhere/at/all",
                Handler = "A::B.C::D",
            }),
        });
        string uuid = await server.CreatedAsync(("FunctionName", "Absent"));
        await server.CreatedAsync();
        server.Put("1");
        await server.SeesAsync("1");

        Assert.StartsWith("PROBLEM: ", (await server.GetAsync(uuid)).Text("LastProcessingResult"), StringComparison.Ordinal);
        Assert.Equal(["1"], server.Handler.Texts);
    }

    private static async Task<string> UuidAsync(LambdaServer server)
    {
        JsonElement mappings = (await server.SendAsync(HttpMethod.Get, LambdaServer.Mappings)).Json.GetProperty("EventSourceMappings");
        return Assert.Single(mappings.EnumerateArray()).GetProperty("UUID").GetString()!;
    }
}
