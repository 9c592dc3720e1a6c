using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Levels of log lines, by .NET's names and by those of Lambda's logs. One of a handler's own making is none of them, and always written.</summary>
internal static class LogLevels
{
    private static readonly string[] Labels = ["trce", "dbug", "info", "warn", "fail", "crit"];

    // As the environment was when the runtime started.
    private static readonly LogLevel Least = Known(Variable("AWS_LAMBDA_HANDLER_LOG_LEVEL") ?? Variable("AWS_LAMBDA_LOG_LEVEL")) ?? LogLevel.Information;

    public static bool IsWritten(string level) => Known(level) is not { } known || known >= Least;

    public static string LabelOf(string level) => Known(level) is { } known ? Labels[(int)known] : level;

    private static LogLevel? Known(string name) => name?.ToUpperInvariant() switch
    {
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "INFORMATION" or "INFO" => LogLevel.Information,
        "WARNING" or "WARN" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "CRITICAL" or "FATAL" => LogLevel.Critical,
        _ => null,
    };

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
