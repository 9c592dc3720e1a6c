using System.CommandLine;
using System.Text.Json;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Destinations;
using LambdaStreamRunner.Runner.Environments.Runtimes;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.Invoking.Remote;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary><c>check</c>: reads the configuration and what it names, and prints every mistake at once.</summary>
internal static class CheckVerb
{
    private static readonly Option<string> Config = new("--config")
    {
        Description = "The configuration file.",
        DefaultValueFactory = _ => "config/runner.json",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Load = new("--load") { Description = "Also build and load the functions, as before their first invocation; nothing is invoked." };

    private static readonly Option<bool> Connect = new("--connect")
    {
        Description = "Also ask the queues, topics and buckets of destinations, and remote functions, whether they are there. Nothing is sent to them, and nothing is invoked.",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the result as one JSON document on standard output." };

    public static Command Create()
    {
        var command = new Command("check", """
            Reads the configuration and the files that it names, looks for the runtimes that functions in processes need, and
            prints every mistake at once. Nothing is started.

            Example:
              lambda-stream check --config config/runner.json --load --connect
            """)
        {
            Config, Load, Connect, Json,
        };
        command.SetAction((parsed, cancellation) => CheckAsync(parsed, cancellation));
        return command;
    }

    private static async Task<int> CheckAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var screen = Screen.Open(parsed.GetValue(Json));
        string file = parsed.GetValue(Config)!;
        ConfigurationResult read = ConfigurationFile.Read(file, ConfigurationOverrides.None, TimeProvider.System.GetUtcNow());
        List<string> mistakes = [];
        if (read.IsValid)
        {
            mistakes.AddRange(parsed.GetValue(Load)
                ? await UnloadableAsync(read.Configuration, cancellation)
                : await RuntimeCheck.MissingAsync(read.Configuration, cancellation));
        }
        if (read.IsValid && parsed.GetValue(Connect))
            mistakes.AddRange(await UnreachableAsync(read.Configuration, cancellation));
        int exit = !read.IsValid ? ExitCodes.WrongUsage : mistakes.Count > 0 ? ExitCodes.CouldNotRun : ExitCodes.Done;
        if (parsed.GetValue(Json))
        {
            screen.WriteDocument(JsonSerializer.Serialize(new
            {
                valid = exit == ExitCodes.Done,
                errors = read.Errors.Select(problem => problem.ToString()).Concat(mistakes),
                warnings = read.Warnings.Select(problem => problem.ToString()),
            }));
            return exit;
        }
        ErrorList.WriteWarnings(screen.People, file, Problems.Of(read.Warnings));
        ErrorList.WriteErrors(screen.People, file, Problems.Of(read.Errors));
        foreach (string mistake in mistakes)
            Screen.Complain(mistake);
        if (exit == ExitCodes.Done)
            screen.Say(Describe(file, read.Configuration!));
        return exit;
    }

    private static async Task<IReadOnlyCollection<string>> UnloadableAsync(RunnerConfiguration configuration, CancellationToken cancellation)
    {
        List<string> mistakes = [];
        foreach (FunctionConfiguration function in configuration.Functions)
        {
            string? lastWritten = null;
            var listener = new FunctionListener { LogLine = line => lastWritten = line.Text };
            try
            {
                await using var catalog = new FunctionCatalog(TimeProvider.System, listener, progress: Console.Error.WriteLine);
                await catalog.TryAsync(function, cancellation);
            }
            catch (Exception wrong) when (wrong is FunctionLoadException or IOException or UnauthorizedAccessException)
            {
                mistakes.Add($"Functions.{function.Name}: {Explained(wrong.Message, lastWritten)}");
            }
        }
        return mistakes;
    }

    // A process that just ended has told its reason nowhere else.
    private static string Explained(string message, string? lastWritten) =>
        lastWritten is not null && message.StartsWith("Runtime.ExitError", StringComparison.Ordinal) ? $"{message}. It wrote last: {lastWritten}" : message;

    private static async Task<IEnumerable<string>> UnreachableAsync(RunnerConfiguration configuration, CancellationToken cancellation) =>
    [
        .. await DestinationCheck.UnreachableAsync(configuration, TimeProvider.System, cancellation),
        .. await RemoteFunctionCheck.UnreachableAsync(configuration, TimeProvider.System, cancellation),
    ];

    private static string Describe(string file, RunnerConfiguration configuration) =>
        $"{file} is right: {Figures.Some(configuration.Streams.Length, "stream")}, {Figures.Some(configuration.Functions.Length, "function")}, {Figures.Some(configuration.Mappings.Length, "mapping")}"
        + (configuration.DataDirectory is { } folder ? $"; kept in {folder}." : ".");
}
