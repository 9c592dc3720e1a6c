namespace Amazon.Lambda.Core;

/// <summary>A log for code that has no context at hand.</summary>
/// <remarks>A runtime replaces the private fields by name to lead the lines into its own log.</remarks>
public static class LambdaLogger
{
#pragma warning disable IDE0044 // not readonly: see above
    private static Action<string> _loggingAction = Console.WriteLine;
    private static Action<string, string, object[]> _loggingWithLevelAction = WriteToConsole;
    private static Action<string, Exception, string, object[]> _loggingWithLevelAndExceptionAction = WriteToConsole;
#pragma warning restore IDE0044

    public static void Log(string message) => _loggingAction(message);

    public static void Log(string level, string message, params object[] args) => _loggingWithLevelAction(level, message, args);

    public static void Log(LogLevel level, string message, params object[] args) => Log(level.ToString(), message, args);

    public static void Log(string level, Exception exception, string message, params object[] args) =>
        _loggingWithLevelAndExceptionAction(level, exception, message, args);

    public static void Log(LogLevel level, Exception exception, string message, params object[] args) =>
        Log(level.ToString(), exception, message, args);

    private static void WriteToConsole(string level, string message, object[] args)
    {
        string arguments = args is { Length: > 0 } ? $" Arguments: {string.Join(' ', args.Select(argument => $"\"{argument}\""))}" : "";
        Console.WriteLine($"{level}: {message}{arguments}");
    }

    private static void WriteToConsole(string level, Exception exception, string message, object[] args)
    {
        WriteToConsole(level, message, args);
        Console.WriteLine(exception);
    }
}
