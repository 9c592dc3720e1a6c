using System.Globalization;
using System.Text.RegularExpressions;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Writes lines as Amazon's runtime does: time, request id, level in four letters and message, with tabs in between.</summary>
/// <remarks>Levels below the one that the environment's variables name, Information by default, are left out; a level of the handler's own making is not.</remarks>
internal sealed partial class LambdaConsoleLogger(string requestId) : ILambdaLogger
{
    public void Log(string message) => LogLine(message);

    public void LogLine(string message) => Log(nameof(LogLevel.Information), message);

    public void Log(string level, string message) => Write(level, message);

    public void Log(string level, string message, params object[] args) => Write(level, Filled(message, args));

    public void Log(string level, Exception exception, string message, params object[] args) =>
        Write(level, $"{Filled(message, args)}\r{exception}");

    private void Write(string level, string message)
    {
        if (!LogLevels.IsWritten(level))
            return;
        string time = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        Console.Out.Write($"{time}\t{requestId}\t{LogLevels.LabelOf(level)}\t{message?.ReplaceLineEndings("\r")}\n");
    }

    private static string Filled(string template, object[] args)
    {
        int next = 0;
        return Hole().Replace(template, hole => next < args.Length ? Convert.ToString(args[next++], CultureInfo.InvariantCulture) : hole.Value);
    }

    [GeneratedRegex(@"\{[^{}]+\}")]
    private static partial Regex Hole();
}
