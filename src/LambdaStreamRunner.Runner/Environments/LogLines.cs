using System.Text.Json;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>Tells level, request id and text of a line that an environment has written apart.</summary>
/// <remarks>
/// Runtimes write <c>time TAB request-id TAB LEVEL TAB text</c>, with carriage returns for the ends of lines within a text, as AWS's own do; or a JSON object
/// that has a level. <see href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html"/>.
/// </remarks>
internal static class LogLines
{
    private const int LevelMax = 12;

    // Python's runtime tells the level of what a handler raised by another name; Amazon's libraries for .NET may by that of a type.
    private static readonly string[] LevelNames = ["level", "log_level", "Level", "LogLevel"];
    private static readonly string[] RequestIdNames = ["requestId", "AWSRequestId", "function_request_id"];

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
        return PythonClientLine(function, line, running) ?? JsonLine(function, line, running) ?? new FunctionLogLine(function, running ?? "", "Information", line);
    }

    // Python's public client: [LEVEL] TAB time TAB request-id TAB text.
    private static FunctionLogLine? PythonClientLine(string function, string line, string? running)
    {
        if (!line.StartsWith('[') || line.Split('\t', 4) is not [[.., ']'] level, [>= '0' and <= '9', ..], var requestId, var text] || LevelOf(level.AsSpan(1, level.Length - 2)) is not { } known)
            return null;
        return new FunctionLogLine(function, requestId is "" ? running ?? "" : requestId, known, text.Replace('\r', '\n'));
    }

    private static FunctionLogLine? JsonLine(string function, string line, string? running)
    {
        if (line is not ['{', .., '}'])
            return null;
        try
        {
            using var json = JsonDocument.Parse(line);
            string? level = Text(json.RootElement, LevelNames) is { } word ? LevelOf(word) : null;
            return level is null ? null : new FunctionLogLine(function, Text(json.RootElement, RequestIdNames) ?? running ?? "", level, line) { IsJson = true };
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {                                                     // the second: half a surrogate pair
            return null;
        }
    }

    private static string? Text(JsonElement at, string[] names)
    {
        foreach (string name in names)
        {
            if (at.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text)
                return text;
        }
        return null;
    }

    private static string? LevelOf(ReadOnlySpan<char> word)
    {
        Span<char> upper = stackalloc char[LevelMax];
        return word.Length > LevelMax ? null : upper[..word.ToUpperInvariant(upper)] switch
        {
            "TRACE" or "TRCE" => "Trace",
            "DEBUG" or "DBUG" => "Debug",
            "INFO" or "INFORMATION" => "Information",
            "WARN" or "WARNING" => "Warning",
            "ERROR" or "FAIL" => "Error",
            "FATAL" or "CRITICAL" or "CRIT" => "Critical",
            _ => null,
        };
    }
}
