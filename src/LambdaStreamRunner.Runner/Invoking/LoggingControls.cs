using System.Collections.Concurrent;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Invoking;

/// <summary>Keeps of what is heard of functions what their LoggingConfig asks for, as Lambda does before it sends lines on.</summary>
/// <remarks>
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html"/>. Runtimes, and the logger
/// of a function in this process, keep lines back by themselves; this is for what a program writes as JSON on its own.
/// </remarks>
internal sealed class LoggingControls
{
    private readonly ConcurrentDictionary<string, FunctionLogging> _limited = new(StringComparer.Ordinal);

    /// <summary>Controls that do not limit anything yet.</summary>
    /// <param name="listener">Receives what is kept.</param>
    public LoggingControls(FunctionListener listener) => Listener = listener with
    {
        LogLine = listener.LogLine is { } log ? line => Pass(log, line, IsKept(line)) : null,
        Report = listener.Report is { } report ? told => Pass(report, told, IsSystemKept(told.FunctionName, FunctionLogLevel.Info, told.Status)) : null,
        InitReport = listener.InitReport is { } init ? told => Pass(init, told, IsSystemKept(told.FunctionName, FunctionLogLevel.Debug, told.Status)) : null,
    };

    /// <summary>What functions are given to log to.</summary>
    public FunctionListener Listener { get; }

    /// <summary>From now on the function's own settings count.</summary>
    public void Follow(FunctionConfiguration function)
    {
        if (function.Logging.LogFormat is FunctionLogFormat.Json)
            _limited[function.Name] = function.Logging;
        else
            _limited.TryRemove(function.Name, out _);
    }

    private static void Pass<T>(Action<T> to, T what, bool isKept)
    {
        if (isKept)
            to(what);
    }

    // What a process prints as plain text tells no level.
    private bool IsKept(FunctionLogLine line) =>
        !line.IsJson || !_limited.TryGetValue(line.FunctionName, out FunctionLogging? logging) || LevelOf(line.Level) >= logging.LeastOfApplication;

    private bool IsSystemKept(string name, FunctionLogLevel whenWell, string? status) =>
        !_limited.TryGetValue(name, out FunctionLogging? logging) || (status is null ? whenWell : FunctionLogLevel.Warn) >= logging.LeastOfSystem;

    // What has another level counts as INFO, as on AWS.
    private static FunctionLogLevel LevelOf(string level) => level switch
    {
        "Trace" => FunctionLogLevel.Trace,
        "Debug" => FunctionLogLevel.Debug,
        "Warning" => FunctionLogLevel.Warn,
        "Error" => FunctionLogLevel.Error,
        "Critical" => FunctionLogLevel.Fatal,
        _ => FunctionLogLevel.Info,
    };
}
