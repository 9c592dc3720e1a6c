using System.CommandLine;
using LambdaStreamRunner.Host.Verbs;

// Every verb is one file below Verbs/. Wrong usage ends with 2 before anything is started.
var root = new RootCommand("A local AWS Lambda event source mapping for Kinesis: records in, your handlers invoked in order.")
{
    RunVerb.Create(),
    PutVerb.Create(),
    CheckVerb.Create(),
};
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
        await Console.Error.WriteLineAsync(error.Message);
    await Console.Error.WriteLineAsync($"Try: lambda-stream {parsed.CommandResult.Command.Name} --help".Replace($" {root.Name} ", " ", StringComparison.Ordinal));
    return ExitCodes.WrongUsage;
}

// The verbs handle Ctrl+C and its relatives themselves: the first one settles, the second one abandons.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
