using System.CommandLine;
using System.CommandLine.Help;
using LambdaStreamRunner.Host.Verbs;

// Every verb is one file below Verbs/. Wrong usage ends with 2 before anything is started.
// A plain command: a RootCommand would call itself by the name of its file.
var root = new Command("lambda-stream", "A local AWS Lambda event source mapping for Kinesis: records in, your handlers invoked in order.")
{
    RunVerb.Create(),
    PutVerb.Create(),
    CaptureVerb.Create(),
    CheckVerb.Create(),
    RedriveVerb.Create(),
    ReplayVerb.Create(),
    SimulateVerb.Create(),
    MeasureVerb.Create(),
    TuneVerb.Create(),
    new HelpOption { Recursive = true },
    new VersionOption(),
};
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
        await Console.Error.WriteLineAsync(ParseErrorText.Of(error.Message));
    string verb = parsed.CommandResult.Command == root ? "" : $" {parsed.CommandResult.Command.Name}";
    await Console.Error.WriteLineAsync($"Try: lambda-stream{verb} --help");
    return ExitCodes.WrongUsage;
}

// The verbs handle Ctrl+C and its relatives themselves: the first one settles, the second one abandons.
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
}
#pragma warning disable CA1031 // The outermost catch: a fault of ours is shown whole, and must not look like a run that ended.
catch (Exception fault)
#pragma warning restore CA1031
{
    await Console.Error.WriteLineAsync($"A fault of lambda-stream itself; please report it: {fault}");
    return ExitCodes.CouldNotRun;
}
