using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AccessLog;

/// <summary>A line of Apache's combined format: client, time, request, status, bytes, referrer, user agent.</summary>
/// <param name="Client">Address or name of the client.</param>
/// <param name="Time">When the request came in.</param>
/// <param name="Request">The request line, such as GET / HTTP/1.1.</param>
/// <param name="Status">HTTP status, 100 to 599.</param>
/// <param name="Bytes">Bytes of the body; 0 where the log has a dash.</param>
public partial record AccessLogLine(string Client, DateTimeOffset Time, string Request, int Status, long Bytes)
{
    /// <summary>Reads a line; false unless it has exactly the nine fields of the format.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AccessLogLine? line)
    {
        line = null;
        Match match = CombinedFormat().Match(text);
        if (!match.Success)
            return false;
        if (!DateTimeOffset.TryParseExact(
                match.Groups["time"].ValueSpan, "dd/MMM/yyyy:HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset time))
            return false;
        if (!long.TryParse(match.Groups["bytes"].Value.Replace("-", "0", StringComparison.Ordinal), CultureInfo.InvariantCulture, out long bytes))
            return false;

        int status = int.Parse(match.Groups["status"].ValueSpan, CultureInfo.InvariantCulture);
        line = new AccessLogLine(match.Groups["client"].Value, time, match.Groups["request"].Value, status, bytes);
        return true;
    }

    /// <summary>Quotes inside a quoted field are escaped with a backslash.</summary>
    [GeneratedRegex(
        """
        ^(?<client>[^ ]+)\ [^ ]+\ [^ ]+
        \ \[(?<time>[^\]]+)\]
        \ "(?<request>(?:[^"\\]|\\.)*)"
        \ (?<status>[1-5][0-9]{2})
        \ (?<bytes>[0-9]+|-)
        \ "(?:[^"\\]|\\.)*"
        \ "(?:[^"\\]|\\.)*"\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex CombinedFormat();
}
