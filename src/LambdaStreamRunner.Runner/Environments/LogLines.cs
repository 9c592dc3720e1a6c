using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>Tells level, request id and text of a line that an environment has written apart.</summary>
/// <remarks>Runtimes write <c>time TAB request-id TAB LEVEL TAB text</c>, with carriage returns for the ends of lines within a text, as AWS's own do.</remarks>
internal static class LogLines
{
    /// <summary>The line as the function's log has it.</summary>
    /// <param name="function">Name of the function.</param>
    /// <param name="line">What the process wrote.</param>
    /// <param name="running">The invocation that runs, or none between two and while it starts: for lines that name none.</param>
    public static FunctionLogLine Read(string function, string line, string? running)
    {
        int time = line.IndexOf('\t', StringComparison.Ordinal);
        int id = time < 0 ? -1 : line.IndexOf('\t', time + 1);
        int level = id < 0 ? -1 : line.IndexOf('\t', id + 1);
        if (level > 0 && char.IsAsciiDigit(line[0]) && LevelOf(line.AsSpan(id + 1, level - id - 1)) is { } known)
        {
            string requestId = line[(time + 1)..id];
            return new FunctionLogLine(function, requestId is "" or "undefined" ? running ?? "" : requestId, known, line[(level + 1)..].Replace('\r', '\n'));
        }
        return new FunctionLogLine(function, running ?? "", "Information", line);
    }

    private static string? LevelOf(ReadOnlySpan<char> word) => word switch
    {
        "TRACE" or "trce" => "Trace",
        "DEBUG" or "dbug" => "Debug",
        "INFO" or "info" => "Information",
        "WARN" or "WARNING" or "warn" => "Warning",
        "ERROR" or "fail" => "Error",
        "FATAL" or "CRITICAL" or "crit" => "Critical",
        _ => null,
    };
}
