namespace LambdaStreamRunner.Runner.Tests.Environments.Faults;

/// <summary>All that is known to go wrong in functions, with what Lambda's documentation makes of it.</summary>
internal static class KnownFaults
{
    private const string TimedOut = "Task timed out after 2.00 seconds";
    private const string TooLarge = "Function.ResponseSizeTooLarge: ";
    private const string OutOfMemory = "Runtime.OutOfMemory: RequestId: .{36} Error: Runtime exited with error: signal: killed";

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    public static IReadOnlyDictionary<string, Fault> ByName { get; } = ((Fault[])
    [
        new("python", "throws at import", "ValueError: Not the first time"),
        new("python", "exits at import", "Runtime.ExitError: Error: Runtime exited with error: exit status 5"),
        new("python", "hangs at import"),                     // begins anew within the invocation
        new("python", "throws", "ValueError: Not the first time"),
        new("python", "exits", Exit("Runtime exited with error: exit status 3")),
        new("python", "exits without a reason", Exit("Runtime exited without providing a reason")),
        new("python", "is killed", Exit("Runtime exited with error: signal: killed")),
        new("python", "hangs", TimedOut) { Timeout = Short },
        new("python", "writes 100 MB"),
        new("python", "answers 7 MB", TooLarge),
        new("python", "answers no JSON", "Runtime.MarshalError: "),
        new("python", "leaks", OutOfMemory) { MemoryMegabytes = 128 },
        new("python", "forks"),
        new("python", "forks and exits", Exit("Runtime exited with error: exit status 1")),

        new("node", "throws at import", "RangeError: Not the first time"),
        new("node", "exits at import", "Runtime.ExitError: Error: Runtime exited with error: exit status 5"),
        new("node", "hangs at import"),
        new("node", "throws", "RangeError: Not the first time"),
        new("node", "throws afterwards", "RangeError: Not the first time"),
        new("node", "rejects", "Runtime.UnhandledPromiseRejection: "),
        new("node", "exits", Exit("Runtime exited with error: exit status 3")),
        new("node", "is killed", Exit("Runtime exited with error: signal: killed")),
        new("node", "hangs", TimedOut) { Timeout = Short },
        new("node", "spins", TimedOut) { Timeout = Short },
        new("node", "waits for nothing", "Runtime.NodeJsExit: "),
        new("node", "writes 100 MB"),
        new("node", "answers twice"),
        new("node", "answers 7 MB", TooLarge),
        new("node", "answers no JSON", "Error: The answer cannot be written as JSON"),
        new("node", "leaks", OutOfMemory) { MemoryMegabytes = 128 },
        new("node", "forks and exits", Exit("Runtime exited with error: exit status 1")),

        new("dotnet", "throws in its constructor", "InvalidOperationException: Not the first time"),
        new("dotnet", "exits in its constructor", "Runtime.ExitError: Error: Runtime exited with error: exit status 5"),
        new("dotnet", "hangs in its constructor"),
        new("dotnet", "throws", "InvalidOperationException: Not the first time"),
        new("dotnet", "throws on a thread", Exit("Runtime exited with error: signal: aborted")),
        new("dotnet", "fails fast", Exit("Runtime exited with error: signal: aborted")),
        new("dotnet", "exits", Exit("Runtime exited with error: exit status 3")),
        new("dotnet", "is killed", Exit("Runtime exited with error: signal: killed")),
        new("dotnet", "hangs", TimedOut) { Timeout = Short },
        new("dotnet", "writes 100 MB"),
        new("dotnet", "answers 7 MB", TooLarge),
        new("dotnet", "answers no JSON"),                     // nobody reads answers without ReportBatchItemFailures
        new("dotnet", "answers no JSON", "") { ReportsItems = true },
        new("dotnet", "leaks", OutOfMemory) { MemoryMegabytes = 128 },
        new("dotnet", "forks and exits", Exit("Runtime exited with error: exit status 1")),

        new("bootstrap", "answers twice") { ReportsItems = true },
        new("bootstrap", "answers late", TimedOut) { Timeout = Short },
        new("bootstrap", "answers and exits"),
        new("bootstrap", "answers 7 MB", TooLarge),
        new("bootstrap", "answers no JSON"),
        new("bootstrap", "answers no JSON", "") { ReportsItems = true },
        new("bootstrap", "answers nothing") { ReportsItems = true },
        new("bootstrap", "answers for another", Exit("Runtime exited with error: exit status 4")),
        new("bootstrap", "breaks its connection", Exit("Runtime exited with error: exit status 6")),
    ]).ToDictionary(fault => fault.Name);

    private static string Exit(string how) => $"Runtime.ExitError: RequestId: .{{36}} Error: {how}";
}
