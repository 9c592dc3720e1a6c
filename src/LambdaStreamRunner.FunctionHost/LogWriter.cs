using System.Buffers;
using System.Globalization;
using System.Text;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.FunctionHost;

/// <summary>Writes a handler's log lines to standard output: time, request id, level and message, with tabs in between.</summary>
/// <remarks>
/// Each line is one write, so that lines of different threads stay whole. Line ends inside a message become carriage
/// returns, as in Lambda's own logs.
/// </remarks>
internal sealed class LogWriter(TimeProvider time)
{
    /// <summary>Bytes kept for the next line.</summary>
    private const int KeptMax = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Stream _output = Console.OpenStandardOutput();
    private ArrayBufferWriter<byte> _line = new();

    /// <summary>Writes one line, from any thread.</summary>
    public void Write(FunctionLogLine line)
    {
        lock (_gate)
        {
            _line.ResetWrittenCount();
            WriteTime(time.GetUtcNow());
            Append("\t");
            Append(line.RequestId);
            Append("\t");
            Append(LevelOf(line.Level));
            Append("\t");
            Append(line.Text.ReplaceLineEndings("\r"));
            Append("\n");
            _output.Write(_line.WrittenSpan);
            if (_line.Capacity > KeptMax)
                _line = new ArrayBufferWriter<byte>();
        }
    }

    private void WriteTime(DateTimeOffset now)
    {
        Span<byte> room = _line.GetSpan(32);
        now.UtcDateTime.TryFormat(room, out int length, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        _line.Advance(length);
    }

    private void Append(string text) => Encoding.UTF8.GetBytes(text, _line);

    /// <summary>The words of Lambda's JSON logs, which are the same for all languages; a level of the handler's own stays.</summary>
    private static string LevelOf(string level) => level switch
    {
        "Trace" => "TRACE",
        "Debug" => "DEBUG",
        "Information" => "INFO",
        "Warning" => "WARN",
        "Error" => "ERROR",
        "Critical" => "FATAL",
        _ => level.ToUpperInvariant(),
    };
}
