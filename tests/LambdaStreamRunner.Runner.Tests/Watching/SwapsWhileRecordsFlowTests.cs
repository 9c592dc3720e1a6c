// Real time: what is shown is that processes come and go under records that flow. The test waits for what happens, never for a while.
using System.Collections.Concurrent;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.Runner.Tests.Environments.Runtimes;
using LambdaStreamRunner.Runner.Tests.Hosting;

namespace LambdaStreamRunner.Runner.Tests.Watching;

public sealed class SwapsWhileRecordsFlowTests : IDisposable
{
    private const int Swaps = 5;

    private readonly CodeFolder _code = new();

    public void Dispose() => _code.Dispose();

    [Theory]
    [InlineData("python3.11", "app.py", "def handler(event, context): print('version NUMBER')", "app.handler")]
    [InlineData("nodejs20.x", "index.js", "exports.handler = async () => console.log('version NUMBER');", "index.handler")]
    public async Task No_record_is_lost_failed_or_out_of_order(string runtime, string file, string script, string handler)
    {
        RuntimeProcess.Require(runtime[0] == 'p' ? "/usr/bin/python3" : "/usr/bin/node");
        ConcurrentDictionary<string, bool> versions = new();
        using var swapped = new SemaphoreSlim(0);
        WriteVersion(0);
        var options = new StreamRunnerOptions
        {
            Watch = true,
            BuildProgress = line =>
            {
                if (line.StartsWith("Swapped ", StringComparison.Ordinal))
                    swapped.Release();
            },
            FunctionListener = new FunctionListener { LogLine = line => versions.TryAdd(line.Text, true) },
        };
        options.AddStream("clicks", shardCount: 2)
            .AddFunction("Clicks", function => function with { Hosting = FunctionHosting.Process, Runtime = runtime, CodeUri = _code.Path, Handler = handler, Timeout = TimeSpan.FromSeconds(60), MemorySizeMegabytes = 256 })
            .AddMapping("clicks", "Clicks", mapping => mapping with { BatchSize = 10, ParallelizationFactor = 2, MaximumRetryAttempts = 0 });
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<int> putting = Task.Run(() => PutUntilAsync(runner, enough.Token), TestContext.Current.CancellationToken);
        for (int number = 1; number <= Swaps; number++)
        {
            WriteVersion(number);
            Assert.True(await swapped.WaitAsync(TestRunner.Patience, TestContext.Current.CancellationToken));
        }
        await enough.CancelAsync();
        int put = await putting;
        runner.Put("clicks", "last", "one");
        await runner.DrainAsync();

        MappingSummary summary = Assert.Single(runner.Summarize().Mappings);
        Assert.Equal((put + 1, 0L, 0L, 0L), (summary.Succeeded, summary.FailedInvocations, summary.OrderViolations, summary.DuplicateDeliveries));
        Assert.True(versions.ContainsKey($"version {Swaps}"), string.Join(", ", versions.Keys));
        Assert.True(versions.ContainsKey("version 1"), string.Join(", ", versions.Keys));

        void WriteVersion(int number) => _code.Write(file, script.Replace("NUMBER", $"{number}", StringComparison.Ordinal));
    }

    private static async Task<int> PutUntilAsync(StreamRunner runner, CancellationToken enough)
    {
        int count = 0;
        while (!enough.IsCancellationRequested)
        {
            for (int i = 0; i < 20; i++)
                runner.Put("clicks", $"key-{count % 17}", $"{count++}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return count;
    }
}
