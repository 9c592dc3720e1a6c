using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Host.Terminal;

namespace LambdaStreamRunner.Host.Logs;

/// <summary>For programs: one JSON object a line, shaped as Lambda's JSON logs are, with the name of the function besides.</summary>
/// <remarks>
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html"/> and
/// <see href="https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html"/>. Levels are Lambda's words, the same for all languages.
/// </remarks>
/// <param name="time">Tells when a line was heard.</param>
[SuppressMessage("Design", "CA1001", Justification = "The writer writes to memory, and is flushed after each line: it owns nothing.")]
internal sealed class JsonLog(TimeProvider time) : ILogFormat
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly ArrayBufferWriter<char> _chars = new();
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <inheritdoc/>
    public void Write(IBufferWriter<char> output, FunctionLogLine line)
    {
        if (line.IsJson && line.Text.Length <= ILogFormat.TextMax)
        {
            WriteAsItIs(output, line);
            return;
        }
        Begin("timestamp");
        _json.WriteString("level", LevelOf(line.Level));
        WriteMessage(line.Text);
        if (line.RequestId.Length > 0)
            _json.WriteString("requestId", line.RequestId);
        _json.WriteString("functionName", line.FunctionName);
        End(output);
    }

    /// <inheritdoc/>
    public void Write(IBufferWriter<char> output, InvocationReport report)
    {
        BeginEvent("platform.report", report.FunctionName, report.LogStreamName);
        _json.WriteString("requestId", report.RequestId);
        _json.WriteStartObject("metrics");
        WriteMilliseconds("durationMs", report.Duration);
        _json.WriteNumber("billedDurationMs", report.BilledMilliseconds);
        _json.WriteNumber("memorySizeMB", report.MemorySize);
        if (report.MaxMemoryUsed is { } used)
            _json.WriteNumber("maxMemoryUsedMB", used);
        if (report.InitDuration is { } init)
            WriteMilliseconds("initDurationMs", init);
        _json.WriteEndObject();
        _json.WriteString("status", report.Status ?? "success");
        _json.WriteEndObject();
        End(output);
    }

    /// <inheritdoc/>
    public void Write(IBufferWriter<char> output, InitReport report)
    {
        BeginEvent("platform.initReport", report.FunctionName, report.LogStreamName);
        _json.WriteString("initializationType", "on-demand");
        _json.WriteString("phase", report.Phase);
        _json.WriteString("status", report.Status ?? "success");
        if (report.ErrorType is { } error)
            _json.WriteString("errorType", error);
        _json.WriteStartObject("metrics");
        WriteMilliseconds("durationMs", report.Duration);
        _json.WriteEndObject();
        _json.WriteEndObject();
        End(output);
    }

    /// <inheritdoc/>
    public void Write(IBufferWriter<char> output, Remark remark)
    {
        Begin("timestamp");
        _json.WriteString("level", LevelOf(remark.Level));
        WriteMessage(remark.Text);
        End(output);
    }

    // A JSON object in a text of another one would have to be read twice.
    private void WriteAsItIs(IBufferWriter<char> output, FunctionLogLine line)
    {
        using var own = JsonDocument.Parse(line.Text);
        Begin();
        if (!own.RootElement.TryGetProperty("timestamp", out _))
            WriteTime("timestamp");
        foreach (JsonProperty member in own.RootElement.EnumerateObject())
            member.WriteTo(_json);
        if (line.RequestId.Length > 0 && !own.RootElement.TryGetProperty("requestId", out _))
            _json.WriteString("requestId", line.RequestId);
        if (!own.RootElement.TryGetProperty("functionName", out _))
            _json.WriteString("functionName", line.FunctionName);
        End(output);
    }

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

    private void Begin(string timeName)
    {
        Begin();
        WriteTime(timeName);
    }

    private void Begin()
    {
        _bytes.ResetWrittenCount();
        _json.Reset(_bytes);
        _json.WriteStartObject();
    }

    private void WriteTime(string name) => _json.WriteString(name, $"{time.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}");

    private void BeginEvent(string type, string function, string logStream)
    {
        Begin("time");
        _json.WriteString("type", type);
        _json.WriteString("functionName", function);
        _json.WriteString("logStreamName", logStream);
        _json.WriteStartObject("record");
    }

    private void WriteMessage(string text) => _json.WriteString(
        "message", text.Length <= ILogFormat.TextMax ? text : $"{text.AsSpan(0, ILogFormat.TextMax)}{TextLog.CutAfter(text.Length - ILogFormat.TextMax)}");

    // In hundredths, as Lambda tells them.
    private void WriteMilliseconds(string name, TimeSpan duration) => _json.WriteNumber(name, Math.Round(duration.TotalMilliseconds, 2));

    private void End(IBufferWriter<char> output)
    {
        _json.WriteEndObject();
        _json.Flush();
        _chars.ResetWrittenCount();
        Encoding.UTF8.GetChars(_bytes.WrittenSpan, _chars);
        VisibleText.Write(output, _chars.WrittenSpan, kept: '\n');   // the encoder lets pass what turns a line around; an escape stays JSON
        output.Write("\n");
    }
}
