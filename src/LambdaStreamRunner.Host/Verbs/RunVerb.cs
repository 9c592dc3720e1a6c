using System.CommandLine;
using LambdaStreamRunner.Host.Logs;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary><c>run</c>: serves the streams, polls them, invokes the functions.</summary>
internal static class RunVerb
{
    public static Command Create()
    {
        var options = new RunOptions();
        var command = new Command("run", """
            Serves the streams, polls them and invokes the functions, until Ctrl+C or until everything is settled.
            The first Ctrl+C (or SIGTERM, SIGHUP) settles what is in flight and prints the summary, the second one abandons it.

            Example:
              lambda-stream run --config config/runner.json --input access.log --stream clicks --partition-key '/^(\S+)/' --until-drained
            """);
        options.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(parsed, options));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, RunOptions options)
    {
        if (Screen.ComplainAbout(options.Mistakes(parsed)))
            return ExitCodes.WrongUsage;
        var screen = Screen.Open(OutputOf(parsed, options));
        string file = parsed.GetValue(options.Config)!;
        var overrides = new ConfigurationOverrides { Polling = RunOptions.PollingOf(parsed.GetValue(options.Polling)) };
        ConfigurationResult read = ConfigurationFile.Read(file, overrides, TimeProvider.System.GetUtcNow());
        ErrorList.WriteWarnings(screen.People, file, Problems.Of(read.Warnings));
        if (!read.IsValid)
        {
            ErrorList.WriteErrors(screen.People, file, Problems.Of(read.Errors));
            return ExitCodes.WrongUsage;
        }
        if (!RunPlan.TryMake(parsed, options, read.Configuration, out RunPlan? plan, out string? mistake))
        {
            Screen.Complain(mistake);
            return ExitCodes.WrongUsage;
        }
        using var interruptions = new Interruptions();
        return await new Run(plan, screen, interruptions).ExecuteAsync();
    }

    private static StandardOutput OutputOf(ParseResult parsed, RunOptions options)
    {
        if (parsed.GetValue(options.Json))
            return StandardOutput.Document;
        return RunOptions.LogFormatOf(parsed.GetValue(options.LogFormat)!) is LogFormat.Json ? StandardOutput.Logs : StandardOutput.People;
    }
}
