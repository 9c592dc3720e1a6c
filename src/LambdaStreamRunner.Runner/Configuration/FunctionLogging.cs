namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>LoggingConfig: how the lines of a function are written, and which of them are kept.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html"/>.</remarks>
public sealed record FunctionLogging
{
    /// <summary>LogFormat: how Lambda's runtimes write what a function says to its logger.</summary>
    /// <value>Text by default.</value>
    public FunctionLogFormat LogFormat { get; init; }

    /// <summary>The least level of a function's own lines that is kept. Only with JSON: lines of text tell no level.</summary>
    /// <value>null (the default): INFO with JSON, everything with text.</value>
    public FunctionLogLevel? ApplicationLogLevel { get; init; }

    /// <summary>The least level of reports about invocations and starts that is kept: DEBUG, INFO or WARN. Only with JSON.</summary>
    /// <value>null (the default): INFO with JSON, everything with text.</value>
    public FunctionLogLevel? SystemLogLevel { get; init; }

    /// <summary>LogGroup: the name that the function finds as its log group.</summary>
    /// <value>null (the default): /aws/lambda/NAME.</value>
    public string? LogGroup { get; init; }

    /// <summary>The least level of the function's own lines that is kept.</summary>
    internal FunctionLogLevel LeastOfApplication => ApplicationLogLevel ?? (LogFormat is FunctionLogFormat.Json ? FunctionLogLevel.Info : FunctionLogLevel.Trace);

    /// <summary>The least level of reports that is kept.</summary>
    internal FunctionLogLevel LeastOfSystem => SystemLogLevel ?? (LogFormat is FunctionLogFormat.Json ? FunctionLogLevel.Info : FunctionLogLevel.Trace);

    /// <summary>True for what is the default of all functions.</summary>
    internal bool IsDefault => this == new FunctionLogging();
}

/// <summary>How the lines of a function are written.</summary>
public enum FunctionLogFormat
{
    /// <summary>Text: time, request id, level and text.</summary>
    Text,

    /// <summary>JSON: one object a line.</summary>
    Json,
}

/// <summary>Levels of a log, from the one that tells most.</summary>
public enum FunctionLogLevel
{
    /// <summary>TRACE.</summary>
    Trace,

    /// <summary>DEBUG.</summary>
    Debug,

    /// <summary>INFO.</summary>
    Info,

    /// <summary>WARN.</summary>
    Warn,

    /// <summary>ERROR.</summary>
    Error,

    /// <summary>FATAL.</summary>
    Fatal,
}
