using System.Globalization;
using System.Text.RegularExpressions;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Writes lines as Amazon's runtime does: time, request id, level in four letters and message, with tabs in between.</summary>
internal sealed partial class LambdaConsoleLogger(string requestId) : ILambdaLogger
{
    public void Log(string message) => LogLine(message);

    public void LogLine(string message) => Write("info", message);

    public void Log(string level, string message) => Write(LabelOf(level), message);

    public void Log(string level, string message, params object[] args) => Write(LabelOf(level), Filled(message, args));

    public void Log(string level, Exception exception, string message, params object[] args) =>
        Write(LabelOf(level), $"{Filled(message, args)}\r{exception}");

    private void Write(string label, string message)
    {
        string time = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        Console.Out.Write($"{time}\t{requestId}\t{label}\t{message?.ReplaceLineEndings("\r")}\n");
    }

    private static string LabelOf(string level) => level switch
    {
        nameof(LogLevel.Trace) => "trce",
        nameof(LogLevel.Debug) => "dbug",
        nameof(LogLevel.Information) => "info",
        nameof(LogLevel.Warning) => "warn",
        nameof(LogLevel.Error) => "fail",
        nameof(LogLevel.Critical) => "crit",
        _ => level,
    };

    private static string Filled(string template, object[] args)
    {
        int next = 0;
        return Hole().Replace(template, hole => next < args.Length ? Convert.ToString(args[next++], CultureInfo.InvariantCulture) : hole.Value);
    }

    [GeneratedRegex(@"\{[^{}]+\}")]
    private static partial Regex Hole();
}
