using System.Reflection;
using System.Text;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Environments.Processes;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.Runner.Tests.Hosting;

namespace LambdaStreamRunner.Runner.Tests.Environments.Faults;

/// <summary>One run of one stream and a function for each fault, all at once: that a fault of one is no matter of the others is a part of it.</summary>
public sealed class FaultyRun
{
    public const int Records = 30;

    /// <summary>Set in all processes of these functions and what they start.</summary>
    public const string Variable = "LAMBDA_STREAM_FAULTY_RUN";

    private const int Keys = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);   // fifty functions with an init each, on a loaded machine
    private readonly Lazy<Task<Outcome>> _outcome = new(RunAsync);

    public static string CodeFolder => Path.Combine(AppContext.BaseDirectory, "Faults");

    public static string OddFunctions =>
        typeof(FaultyRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == nameof(OddFunctions)).Value!;

    /// <summary>The run is made when it is first asked for.</summary>
    internal Task<Outcome> OutcomeAsync() => _outcome.Value;

    private static async Task<Outcome> RunAsync()
    {
        string run = Guid.NewGuid().ToString("N");
        DirectoryInfo markers = Directory.CreateTempSubdirectory("faults-");
        try
        {
            var log = new HeardLoggers();
            RunSummary summary;
            await using (var runner = new StreamRunner(Options(markers.FullName, run), TimeProvider.System, log))
            {
                await runner.StartAsync(TestContext.Current.CancellationToken);
                for (int number = 0; number < Records; number++)
                    runner.Put("clicks", $"key-{number % Keys}", $"{number}");
                using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
                await runner.WaitUntilDrainedAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);   // the tests tell what hangs
                summary = runner.Summarize();
            }
            return new Outcome(summary, [.. log.Warnings], [.. ProcessesOf(run)]);
        }
        finally
        {
            markers.Delete(recursive: true);
        }
    }

    private static StreamRunnerOptions Options(string markers, string run)
    {
        StreamRunnerOptions options = new StreamRunnerOptions().AddStream("clicks");
        foreach (Fault fault in KnownFaults.ByName.Values)
        {
            options.AddFunction(fault.Name, function => fault.In(function, markers, run)).AddMapping("clicks", fault.Name, mapping => mapping with
            {
                BatchSize = 10,
                MaximumRetryAttempts = 1,                     // a second attempt must do, or records are discarded
                FunctionResponseTypes = fault.ReportsItems ? [FunctionResponseType.ReportBatchItemFailures] : [],
            });
        }
        return options;
    }

    private static IEnumerable<string> ProcessesOf(string run) => ProcessTable.Read()
        .Where(process => Encoding.UTF8.GetString(ProcessTable.EnvironmentOf(process.Id)).Contains(run, StringComparison.Ordinal))
        .Select(process => process.ToString());

    internal sealed record Outcome(RunSummary Summary, IReadOnlyList<string> Warnings, IReadOnlyList<string> Left);
}
