using System.CommandLine;
using System.CommandLine.Parsing;
using LambdaStreamRunner.Host.Tuning;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary><c>tune</c>: which settings to deploy, from the traffic and the function.</summary>
internal static class TuneVerb
{
    public static Command Create()
    {
        var options = new TuneOptions();
        var command = new Command("tune", """
            Searches BatchSize, batching window, ParallelizationFactor, shards, consumer and the settings of failures for a traffic and
            a function, by simulation with the rules that the runner uses. Prints the settings that no other beats in cost, iterator age,
            duplicates and concurrency, chooses one, and says why. Ctrl+C gives what has been found until then.

            Exit codes: 0 a setting was chosen, or --check holds; 1 none meets the objective, the search was interrupted, or --check is
            broken; 2 wrong usage; 3 the function cannot be loaded, or the report cannot be written.

            A file for --check (its paths are relative to it):
              { "Objectives": ["iteratorAge.p99 < 2s", "costPerMillion < $0.5"],
                "Config": "runner.json", "Mapping": "clicks → AccessLog",
                "Traffic": { "Trace": "access.csv", "TraceSpeed": 100 }, "Handler": { "HandlerModel": "20ms + 1ms/record" } }
            Instead of Config and Mapping it may have "Settings": { "ShardCount": 2, "BatchSize": 100, "ParallelizationFactor": 4, ... };
            names of Traffic and Handler are options in capitals. What the command line says besides wins.

            Examples:
              lambda-stream tune --trace access.csv --shards 1-4 --handler-model '20ms + 1ms/record' --slo "iteratorAge.p99 < 2s"
              lambda-stream tune --rate 500 --duration 10m --function AccessLog --report tuning.html --verify
              lambda-stream tune --check slo.json
            """);
        options.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(command, parsed, options));
        return command;
    }

    private static async Task<int> RunAsync(Command command, ParseResult parsed, TuneOptions options)
    {
        if (parsed.GetValue(options.Check) is not { } file)
            return await new Tune(options, parsed, check: null).RunAsync();
        if (Screen.ComplainAbout(options.Mistakes(parsed)))
            return ExitCodes.WrongUsage;
        try
        {
            var check = ObjectiveFile.Read(file, options.Traffic.All, options.Handler.All, TimeProvider.System.GetUtcNow());
            ParseResult whole = command.Parse([.. ArgumentsBeside(parsed), .. ArgumentsOf(check, parsed, command)]);
            if (Screen.ComplainAbout(whole.Errors.Select(error => $"{file}: {ParseErrorText.Of(error.Message)}")))
                return ExitCodes.WrongUsage;
            return await new Tune(options, whole, check).RunAsync();
        }
        catch (FormatException wrong)
        {
            Screen.Complain(wrong.Message);
            return ExitCodes.WrongUsage;
        }
    }

    /// <summary>The command line as it was typed, without the verbs.</summary>
    private static IEnumerable<string> ArgumentsBeside(ParseResult parsed) =>
        parsed.Tokens.Where(token => token.Type is not TokenType.Command).Select(token => token.Value);

    /// <summary>What the file says and the command line does not.</summary>
    private static IEnumerable<string> ArgumentsOf(ObjectiveFile check, ParseResult parsed, Command command)
    {
        foreach ((string name, string[] values) in check.Arguments)
        {
            if (parsed.GetResult(command.Options.Single(option => option.Name == name)) is { Implicit: false })
                continue;
            foreach (string value in values)
            {
                yield return name;
                yield return value;
            }
        }
    }
}
