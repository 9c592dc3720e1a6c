using System.CommandLine;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Redriving;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary><c>redrive</c>: gives discarded batches to their functions once more.</summary>
internal static class RedriveVerb
{
    private static readonly Option<string> Config = new("--config")
    {
        Description = "The configuration file; it names the mapping that has discarded the batches.",
        DefaultValueFactory = _ => "config/runner.json",
        HelpName = "FILE",
    };

    private static readonly Option<string> Input = new("--input")
    {
        Description = "Documents of discarded batches, as a destination got them: the file of a file: destination, the body of a message, an object of a bucket. '-' (the default) reads standard input.",
        DefaultValueFactory = _ => InputFile.StandardInput,
        HelpName = "FILE",
    };

    private static readonly Option<string?> Endpoint = new("--endpoint")
    {
        Description = $"Where the stream is read again: a Kinesis endpoint, or 'aws'; unless --data is given, the Endpoint of the stream in the configuration, or {Redriver.EndpointDefault}.",
        HelpName = "URL",
    };

    private static readonly Option<string?> Data = new("--data") { Description = "Read the stream in this folder instead, while no run has it.", HelpName = "DIR" };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only find the records and list them; no function is invoked." };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the result as one JSON document on standard output, everything else on standard error." };

    public static Command Create()
    {
        var command = new Command("redrive", """
            Reads discarded batches again from their stream, by shard and sequence numbers, and gives them to the mapping's
            function once, with its BatchSize and FunctionResponseTypes. What fails again is told, and stays where it is.

            Examples:
              lambda-stream redrive --input config/failed/clicks.jsonl --dry-run
              lambda-stream redrive --input config/failed/clicks.jsonl --data data
            """)
        {
            Config, Input, Endpoint, Data, DryRun, Json,
        };
        command.SetAction((parsed, _) => RedriveAsync(parsed));
        return command;
    }

    private static async Task<int> RedriveAsync(ParseResult parsed)
    {
        if (Screen.ComplainAbout(Mistakes(parsed)))
            return ExitCodes.WrongUsage;
        var screen = Screen.Open(parsed.GetValue(Json));
        string file = parsed.GetValue(Config)!;
        ConfigurationResult read = ConfigurationFile.Read(file, ConfigurationOverrides.None, TimeProvider.System.GetUtcNow());
        if (!read.IsValid)
        {
            ErrorList.WriteErrors(screen.People, file, Problems.Of(read.Errors));
            return ExitCodes.WrongUsage;
        }
        using var interruptions = new Interruptions();
        var redrive = new Redrive(read.Configuration, screen, interruptions.Stop)
        {
            Input = parsed.GetValue(Input)!,
            Endpoint = parsed.GetValue(Endpoint),
            Data = parsed.GetValue(Data) is { } folder ? Path.GetFullPath(folder) : null,
            IsDry = parsed.GetValue(DryRun),
            Json = parsed.GetValue(Json),
        };
        return await redrive.ExecuteAsync();
    }

    private static IEnumerable<string> Mistakes(ParseResult result)
    {
        if (result.GetValue(Endpoint) is not null && result.GetValue(Data) is not null)
            yield return "--endpoint and --data both say where the stream is; give one of them.";
        if (result.GetValue(Endpoint) is { } endpoint && ServiceEndpoint.TryParse(endpoint) is null)
            yield return $"--endpoint is '{endpoint}'; it must be a URL such as {Redriver.EndpointDefault}, or 'aws'.";
        if (result.GetValue(Data) is { } folder && !Directory.Exists(folder))
            yield return $"--data is '{folder}', which is no folder.";
        if (!InputFile.CanRead(result.GetValue(Input)!, out string? unreadable))
            yield return $"--input: {unreadable}";
    }
}
