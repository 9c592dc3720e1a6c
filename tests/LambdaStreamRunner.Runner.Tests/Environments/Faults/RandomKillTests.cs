using System.Globalization;
using System.Text;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Environments.Processes;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.Runner.Tests.Environments.Runtimes;
using LambdaStreamRunner.Runner.Tests.Hosting;
using LambdaStreamRunner.StreamServer.Tests.Clients;

namespace LambdaStreamRunner.Runner.Tests.Environments.Faults;

/// <summary>Environments that are killed at any time lose no record and no order. LAMBDA_STREAM_KILL_SEED repeats the choices, LAMBDA_STREAM_KILL_RECORDS makes it longer.</summary>
public sealed class RandomKillTests
{
    private const int RecordsDefault = 100_000;
    private const int Keys = 1_000;
    private const int RecordsPerKill = 2_500;
    private const int RecordsMore = 10_000;                   // where looking for processes is slow, until enough invocations were killed
    private const int InInvocationsMin = 10;
    private const string Variable = "LAMBDA_STREAM_KILLED_RUN";

    /// <summary>Takes some milliseconds for a batch, so that most of what is killed is at work.</summary>
    private const string Handler = "exports.handler = async event => { await new Promise(done => setTimeout(done, 15)); return event.Records.length; };";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Killing_environments_at_random_loses_nothing()
    {
        ClientProcess.Require("/usr/bin/node", "nodejs");
        int records = FromEnvironment("LAMBDA_STREAM_KILL_RECORDS") ?? RecordsDefault;
        int seed = FromEnvironment("LAMBDA_STREAM_KILL_SEED") ?? Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"LAMBDA_STREAM_KILL_SEED={seed}");
        string run = Guid.NewGuid().ToString("N");
        using var code = new CodeFolder(("index.js", Handler));
        var log = new HeardLoggers();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        MappingSummary mapping;
        int kills;
        await using (var runner = new StreamRunner(Options(code.Path, run), TimeProvider.System, log))
        {
            await runner.StartAsync(patience.Token);
            Put(runner, 0, records);
            (kills, records) = await KillAsync(run, new Random(seed), runner, log, records, patience.Token);
            await runner.WaitUntilDrainedAsync(patience.Token);
            mapping = Assert.Single(runner.Summarize().Mappings);
        }
        int inInvocations = InInvocations(log);
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {inInvocations} of them in invocations; {mapping}");

        Assert.Equal((records, 0L, 0L), (mapping.Succeeded, mapping.Discarded, mapping.Unsettled));
        Assert.Equal((0L, 0L), (mapping.OrderViolations, mapping.ViolationCount));
        Assert.Equal(inInvocations, mapping.FailedInvocations);
        Assert.Empty(EnvironmentsOf(run));
    }

    /// <summary>
    /// A kill, and the next one when so and so many more records are settled: a slow machine makes it longer, not harder. Kills are not made up for,
    /// since they would all meet the last lanes, whose pauses between two attempts double up to a minute.
    /// </summary>
    private static async Task<(int Kills, int Records)> KillAsync(string run, Random random, StreamRunner runner, HeardLoggers log, int records, CancellationToken patience)
    {
        (int kills, long next) = (0, 0);
        while (runner.Summarize().Mappings[0].Succeeded is var done && (done < records || InInvocations(log) < InInvocationsMin))
        {
            int[] environments = [.. EnvironmentsOf(run)];
            if (done >= next && environments.Length > 0 && Signals.Kill(environments[random.Next(environments.Length)]))
                (kills, next) = (kills + 1, done + RecordsPerKill);
            if (records - done < RecordsMore && InInvocations(log) < InInvocationsMin)
                Put(runner, records, records += RecordsMore);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(2, 20)), TimeProvider.System, patience);
        }
        return (kills, records);
    }

    private static int InInvocations(HeardLoggers log) => log.Warnings.Count(warning => warning.Contains("Runtime exited with error: signal: killed", StringComparison.Ordinal));

    private static void Put(StreamRunner runner, int from, int to)
    {
        for (int number = from; number < to; number++)
            runner.Put("clicks", $"key-{number % Keys}", $"{number}");
    }

    private static IEnumerable<int> EnvironmentsOf(string run) => ProcessTable.Read()
        .Where(process => Encoding.UTF8.GetString(ProcessTable.EnvironmentOf(process.Id)).Contains(run, StringComparison.Ordinal))
        .Select(process => process.Id);

    private static StreamRunnerOptions Options(string code, string run) => new StreamRunnerOptions()
        .AddStream("clicks", shardCount: 2)
        .AddFunction("Clicks", function => function with
        {
            Hosting = FunctionHosting.Process,
            Runtime = "nodejs20.x",
            CodeUri = code,
            Handler = "index.handler",
            Timeout = TimeSpan.FromSeconds(60),
            MemorySizeMegabytes = 512,
            EnvironmentVariables = function.EnvironmentVariables.Add(Variable, run),
        })
        .AddMapping("clicks", "Clicks", mapping => mapping with { BatchSize = 500, ParallelizationFactor = 4, MaximumRetryAttempts = -1 });

    private static int? FromEnvironment(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
