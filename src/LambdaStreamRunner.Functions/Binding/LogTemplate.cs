using System.Globalization;
using System.Text.RegularExpressions;

namespace LambdaStreamRunner.Functions.Binding;

/// <summary>Message templates as .NET's loggers have them: <c>"order {id} took {ms:0.0} ms"</c>.</summary>
internal static partial class LogTemplate
{
    /// <summary>Fills holes with values in order, or by number when every hole is a number; a hole without a value stays.</summary>
    public static string Fill(string template, object?[] values)
    {
        if (values.Length == 0)
            return template;

        bool byNumber = Hole().Matches(template).All(hole => !hole.Groups["name"].Success || int.TryParse(hole.Groups["name"].Value, out _));
        int next = 0;
        return Hole().Replace(template, hole =>
        {
            if (!hole.Groups["name"].Success)
                return hole.Value[..1];                       // a doubled brace is one brace
            int index = byNumber ? int.Parse(hole.Groups["name"].Value, CultureInfo.InvariantCulture) : next++;
            return index >= 0 && index < values.Length ? Text(values[index], hole.Groups["format"].Value) : hole.Value;
        });
    }

    private static string Text(object? value, string format)
    {
        try
        {
            return value switch
            {
                null => "null",
                IFormattable formattable => formattable.ToString(format.Length == 0 ? null : format, CultureInfo.InvariantCulture),
                _ => value.ToString() ?? "null",
            };
        }
        catch (FormatException)
        {
            return value?.ToString() ?? "null";               // a log line must not fail the handler
        }
    }

    [GeneratedRegex(@"\{\{|\}\}|\{@?(?<name>[^{}:,]+)(,[^{}:]*)?(:(?<format>[^{}]*))?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Hole();
}
