using System.Buffers;
using System.Globalization;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Host.Terminal;

namespace LambdaStreamRunner.Host.Logs;

/// <summary>For people: the name of the function in front of each line, and nothing in it that commands a terminal.</summary>
internal sealed class TextLog : ILogFormat
{
    // Further lines of one text stand back, so that they cannot be taken for lines of others.
    private const string LineBreak = "\n  ";

    /// <inheritdoc/>
    public void Write(IBufferWriter<char> output, FunctionLogLine line)
    {
        output.Write(line.FunctionName);
        output.Write(" ");
        if (line.RequestId.Length > 0)
        {
            WriteVisibly(output, line.RequestId);
            output.Write(" ");
        }
        WriteVisibly(output, line.Level);
        output.Write(" ");
        WriteText(output, line.Text);
        output.Write("\n");
    }

    /// <inheritdoc/>
    public void Write(IBufferWriter<char> output, InvocationReport report) => WriteLine(output, report.FunctionName, report.ToString());

    /// <inheritdoc/>
    public void Write(IBufferWriter<char> output, InitReport report) => WriteLine(output, report.FunctionName, report.ToString());

    /// <inheritdoc/>
    public void Write(IBufferWriter<char> output, Remark remark)
    {
        WriteText(output, remark.Text);
        output.Write("\n");
    }

    private static void WriteLine(IBufferWriter<char> output, string function, string text)
    {
        output.Write(function);
        output.Write(" ");
        WriteText(output, text);
        output.Write("\n");
    }

    private static void WriteText(IBufferWriter<char> output, ReadOnlySpan<char> text)
    {
        int more = text.Length - ILogFormat.TextMax;
        if (more > 0)
            text = text[..ILogFormat.TextMax];
        text = text.TrimEnd('\n');
        while (text.IndexOf('\n') is var end and >= 0)
        {
            WriteVisibly(output, text[..end].TrimEnd('\r'));
            output.Write(LineBreak);
            text = text[(end + 1)..];
        }
        WriteVisibly(output, text);
        if (more > 0)
            output.Write(CutAfter(more));
    }

    /// <summary>What stands at the end of a text that was cut.</summary>
    /// <param name="more">Characters that are missing.</param>
    public static string CutAfter(int more) => string.Create(CultureInfo.InvariantCulture, $"… [{more:N0} more characters]");

    private static void WriteVisibly(IBufferWriter<char> output, ReadOnlySpan<char> text) => VisibleText.Write(output, text, kept: '\t');
}
