namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>Where a function's log lines and the runner's remarks about it go; called from any thread.</summary>
public sealed record FunctionListener
{
    /// <summary>Listens to nothing.</summary>
    public static FunctionListener Silent { get; } = new();

    /// <summary>Lines that the handler writes through its context's logger.</summary>
    public Action<FunctionLogLine>? LogLine { get; init; }

    /// <summary>One for every invocation that was executed; making them costs something, so leave it null when nobody reads them.</summary>
    public Action<InvocationReport>? Report { get; init; }

    /// <summary>One for every environment that was started, and for every one that could not be.</summary>
    public Action<InitReport>? InitReport { get; init; }

    /// <summary>Sentences about the life of environments: what begins anew, what has ended by itself.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Sentences about calls that overlap or a debugger that stops the clock.</summary>
    public Action<string>? Warning { get; init; }

    /// <summary>The same without lines of the handler's logger below a level. A level of the handler's own making is always heard.</summary>
    /// <param name="level">The least level, by .NET's name or Lambda's (WARN, FATAL); null, or another word: Information, as on Lambda.</param>
    public FunctionListener LoggingFrom(string? level)
    {
        if (LogLine is not { } heard)
            return this;
        int least = LogLevels.LeastOf(level);
        return this with
        {
            LogLine = line =>
            {
                if (LogLevels.IsLogged(line.Level, least))
                    heard(line);
            },
        };
    }

    /// <summary>Who receives the report of one invocation; null when nobody does, and none needs to be made.</summary>
    public Action<InvocationReport>? ReportOf(FunctionInvocation invocation) => invocation.Report is { } own ? Report + own : Report;
}
