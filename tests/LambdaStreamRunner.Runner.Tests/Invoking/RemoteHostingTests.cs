using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Invoking.Remote;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.Runner.Tests.Hosting;
using LambdaStreamRunner.Runner.Tests.Telemetry;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.Tests.Invoking;

/// <summary>A mapping whose function is in another emulator: here, in another runner, over its Lambda API.</summary>
public class RemoteHostingTests
{
    [Fact]
    public async Task Batches_reach_a_function_of_another_emulator_in_order_per_key()
    {
        var handler = new ClickHandler();
        await using StreamRunner emulator = await TestRunner.StartedAsync(new StreamRunnerOptions { Port = 0 }.AddFunction("Clicks", handler.HandleAsync));
        await using StreamRunner runner = await TestRunner.StartedAsync(OptionsFor(emulator.Endpoint!, mapping => mapping with { BatchSize = 7, ParallelizationFactor = 4 }));
        for (int i = 0; i < 300; i++)
            runner.Put("clicks", $"key-{i % 13}", $"{i}");
        await runner.DrainAsync();

        Assert.Equal(Enumerable.Range(0, 300), handler.Texts.Select(int.Parse).Order());
        foreach (IGrouping<string, int> key in handler.Seen.GroupBy(click => click.PartitionKey, click => int.Parse(click.Text)))
            Assert.Equal(key.Order(), key);
        MappingSummary summary = Assert.Single(runner.Summarize().Mappings);
        Assert.Equal((300L, 0L, 0L), (summary.Succeeded, summary.FailedInvocations, summary.OrderViolations));
    }

    [Fact]
    public async Task An_exception_over_there_is_a_failed_attempt_here()
    {
        static void Fail(ClickEvent clicks) => throw new InvalidOperationException($"no {clicks.Records[0].Kinesis.Text}");
        await using StreamRunner emulator = await TestRunner.StartedAsync(new StreamRunnerOptions { Port = 0 }.AddFunction("Clicks", Fail));
        var log = new HeardLoggers();
        await using var runner = new StreamRunner(OptionsFor(emulator.Endpoint!, mapping => mapping with { MaximumRetryAttempts = 1 }), TimeProvider.System, log);
        await runner.StartAsync(TestContext.Current.CancellationToken);
        runner.Put("clicks", "a", "1");
        await runner.DrainAsync();

        MappingSummary summary = Assert.Single(runner.Summarize().Mappings);
        Assert.Equal((2L, 2L, 1L), (summary.Invocations, summary.FailedInvocations, summary.Discarded));
        Assert.Contains(log.Warnings, message => message.Contains("InvalidOperationException: no 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_spends_no_attempt_is_a_problem_of_the_mapping_and_passes()
    {
        int asked = 0;
        string? problem = null;
        StreamRunner? runner = null;
        await using InvokeServer server = await InvokeServer.StartAsync(async context =>
        {
            if (asked == 1)
                problem = runner!.Mappings.Single().LastProcessingResult;
            context.Response.StatusCode = ++asked <= 3 ? 503 : 200;
            await context.Response.WriteAsync("null");
        });
        await using (runner = await TestRunner.StartedAsync(OptionsFor(server.Address, mapping => mapping with { MaximumRetryAttempts = 0 }, speed: 50)))
        {
            runner.Put("clicks", "a", "1");
            await runner.DrainAsync();

            MappingSummary summary = Assert.Single(runner.Summarize().Mappings);
            Assert.Equal((1L, 0L, 0L, 3L, 1L), (summary.Succeeded, summary.Discarded, summary.FailedInvocations, summary.Throttles, summary.Invocations));
            Assert.StartsWith($"PROBLEM: {server.Address} refuses to invoke 'Clicks': HTTP 503", problem, StringComparison.Ordinal);
            Assert.Equal("OK", runner.Mappings.Single().LastProcessingResult);
        }
    }

    [Theory]
    [InlineData(429, 3)]
    [InlineData(503, 0)]
    public async Task A_429_of_a_remote_function_was_not_counted_as_a_throttle_and_other_refusals_are_none(int status, int throttles)
    {
        string name = $"Answers{status}";
        int asked = 0;
        await using InvokeServer server = await InvokeServer.StartAsync(context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref asked) <= 3 ? status : 200;
            return context.Response.WriteAsync("null");
        });
        using var metrics = new MetricReadings("FunctionName", name);
        await using StreamRunner runner = await TestRunner.StartedAsync(OptionsFor(server.Address, mapping => mapping with { MaximumRetryAttempts = 0 }, speed: 50, function: name));
        runner.Put("clicks", "a", "1");
        await runner.DrainAsync();

        Assert.Equal((throttles, 1, 0), (metrics.Sum("Throttles"), metrics.Sum("Invocations"), metrics.Sum("Errors")));
        Assert.Equal((1, 1), (metrics["Duration"].Length, metrics["IteratorAge"].Length));
    }

    [Fact]
    public async Task What_will_be_contacted_is_said_before()
    {
        List<string> said = [];
        await using InvokeServer server = await InvokeServer.AnsweringAsync(200, "null");
        StreamRunnerOptions options = OptionsFor(server.Address);
        options.BuildProgress = said.Add;

        await using StreamRunner runner = await TestRunner.StartedAsync(options);

        Assert.Equal($"Function 'Clicks' runs outside of this process: it is invoked at {server.Address.AbsoluteUri.TrimEnd('/')}.", Assert.Single(said));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_check_asks_for_each_version_and_invokes_nothing()
    {
        var handler = new ClickHandler();
        await using StreamRunner emulator = await TestRunner.StartedAsync(new StreamRunnerOptions { Port = 0 }.AddFunction("Clicks", handler.HandleAsync));
        await using InvokeServer invokesOnly = await InvokeServer.AnsweringAsync(501, """{"Type":"LocalService","Message":"not implemented"}""", ("x-amzn-ErrorType", "NotImplementedLocally"));

        Assert.Empty(await CheckAsync(OptionsFor(emulator.Endpoint!)));
        Assert.Empty(await CheckAsync(OptionsFor(invokesOnly.Address)));
        Assert.Empty(await CheckAsync(OptionsFor(new Uri(emulator.Endpoint!, "/2015-03-31/functions/function/invocations"))));
        Assert.StartsWith(
            $"The function Clicks:prod cannot be invoked at {emulator.Endpoint}: ResourceNotFoundException: Function not found",
            Assert.Single(await CheckAsync(OptionsFor(emulator.Endpoint!, mapping => mapping, qualifier: "prod"))), StringComparison.Ordinal);
        Assert.Contains("cannot be reached", Assert.Single(await CheckAsync(OptionsFor(new Uri("http://127.0.0.1:1")))), StringComparison.Ordinal);
        Assert.Contains("Connection refused", Assert.Single(await CheckAsync(OptionsFor(new Uri("http://127.0.0.1:1/2015-03-31/functions/function/invocations")))), StringComparison.Ordinal);
        Assert.Empty(handler.Seen);
        Assert.DoesNotContain(invokesOnly.Requests, request => request.Method == "POST");
    }

    private static async Task<IEnumerable<string>> CheckAsync(StreamRunnerOptions options) =>
        await RemoteFunctionCheck.UnreachableAsync(options.Configuration, TimeProvider.System, TestContext.Current.CancellationToken);

    private static StreamRunnerOptions OptionsFor(
        Uri endpoint, Func<EventSourceMapping, EventSourceMapping>? change = null, double speed = 1, string? qualifier = null, string function = "Clicks")
    {
        StreamRunnerOptions options = new StreamRunnerOptions { Speed = speed }
            .AddStream("clicks")
            .AddFunction(function, settings => settings with { Hosting = FunctionHosting.Remote, Endpoint = new ServiceEndpoint(endpoint) })
            .AddMapping("clicks", function, change);
        if (qualifier is not null)
            options.Configuration = options.Configuration with { Mappings = [options.Configuration.Mappings[0] with { Qualifier = qualifier }] };
        return options;
    }
}
