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
/// <param name="time">Tells the time of a line.</param>
/// <param name="level">The least level that is written; null is Information, as on Lambda.</param>
internal sealed class LogWriter(TimeProvider time, string? level)
{
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
            WriteTime(time.GetUtcNow());
            Append("\t");
            Append(line.RequestId);
            Append("\t");
            Append(LogLevels.WordOf(line.Level));
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
}
