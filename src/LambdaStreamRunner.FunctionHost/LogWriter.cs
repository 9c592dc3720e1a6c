using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.FunctionHost;

/// <summary>Writes a handler's log lines to standard output: time, request id, level and message, with tabs in between or as JSON.</summary>
/// <remarks>
/// Each line is one write, so that lines of different threads stay whole. Line ends inside a message become carriage
/// returns, as in Lambda's own logs.
/// </remarks>
/// <param name="time">Tells the time of a line.</param>
/// <param name="level">The least level that is written; null is Information, as on Lambda.</param>
/// <param name="format">How lines are written.</param>
internal sealed class LogWriter(TimeProvider time, string? level, LogFormat format)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Bytes kept for the next line.</summary>
    private const int KeptMax = 64 * 1024;

    private readonly int _least = LogLevels.LeastOf(level);
    private readonly Lock _gate = new();
    private readonly Stream _output = Console.OpenStandardOutput();
    private ArrayBufferWriter<byte> _line = new();

    /// <summary>Writes one line, from any thread.</summary>
    public void Write(FunctionLogLine line)
    {
        if (!LogLevels.IsLogged(line.Level, _least))
            return;
        lock (_gate)
        {
            _line.ResetWrittenCount();
            if (format is LogFormat.Json)
                AppendJson(line);
            else
                AppendText(line);
            Append("\n");
            _output.Write(_line.WrittenSpan);
            if (_line.Capacity > KeptMax)
                _line = new ArrayBufferWriter<byte>();
        }
    }

    private void AppendText(FunctionLogLine line)
    {
        Append(Time());
        Append("\t");
        Append(line.RequestId);
        Append("\t");
        Append(LogLevels.WordOf(line.Level));
        Append("\t");
        Append(line.Text.ReplaceLineEndings("\r"));
    }

    private void AppendJson(FunctionLogLine line)
    {
        using var json = new Utf8JsonWriter(_line, Readable);
        json.WriteStartObject();
        json.WriteString("timestamp"u8, Time());
        json.WriteString("level"u8, line.Level);
        json.WriteString("requestId"u8, line.RequestId);
        json.WriteString("message"u8, line.Text);
        json.WriteEndObject();
    }

    private string Time() => time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private void Append(string text) => Encoding.UTF8.GetBytes(text, _line);
}
