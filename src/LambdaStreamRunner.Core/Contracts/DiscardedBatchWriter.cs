using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Contracts;

/// <summary>A discarded batch as the document that AWS sends to an on-failure destination: one line, without its end.</summary>
/// <remarks>
/// One writer serves one shard of one mapping. Only an S3 destination gets the records with it, others read them again from the stream.
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html"/>.
/// </remarks>
/// <param name="functionArn">The function as the mapping names it, alias included.</param>
/// <param name="eventSourceArn">The stream's ARN, or the consumer's with enhanced fan-out.</param>
/// <param name="shardId">The shard.</param>
/// <param name="executedVersion">The version that ran; $LATEST by default.</param>
public sealed class DiscardedBatchWriter(string functionArn, string eventSourceArn, string shardId, string executedVersion = "$LATEST")
{
    private const string Version = "1.0";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the document without the records, as a queue, a topic or a file gets it.</summary>
    public void Write(DiscardedBatch batch, IBufferWriter<byte> destination) => Write(batch, [], destination);

    /// <summary>Writes the document.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="payload">The complete event of the batch, which a bucket gets as a text besides (open question Q17: always); none when empty.</param>
    /// <param name="destination">Where to.</param>
    public void Write(DiscardedBatch batch, ReadOnlySpan<byte> payload, IBufferWriter<byte> destination)
    {
        using var json = new Utf8JsonWriter(destination, Options);
        json.WriteStartObject();
        WriteRequestContext(json, batch);
        WriteResponseContext(json, batch.Response);
        json.WriteString("version"u8, Version);
        WriteTime(json, "timestamp"u8, batch.Time);
        WriteBatchInfo(json, batch.Records.AsSpan());
        WriteWindowInfo(json, batch.Window);
        if (!payload.IsEmpty)
            json.WriteString("payload"u8, payload);
        json.WriteEndObject();
    }

    private void WriteRequestContext(Utf8JsonWriter json, DiscardedBatch batch)
    {
        json.WriteStartObject("requestContext"u8);
        json.WriteString("requestId"u8, batch.RequestId);
        json.WriteString("functionArn"u8, functionArn);
        json.WriteString("condition"u8, batch.Reason.ToString());
        json.WriteNumber("approximateInvokeCount"u8, batch.ApproximateInvokeCount);
        json.WriteEndObject();
    }

    private void WriteResponseContext(Utf8JsonWriter json, DiscardedResponse? response)
    {
        if (response is null)                                 // the function never ran, or the age decided
            return;

        json.WriteStartObject("responseContext"u8);
        json.WriteNumber("statusCode"u8, 200);
        json.WriteString("executedVersion"u8, executedVersion);
        json.WriteString("functionError"u8, response.FunctionError);
        json.WriteEndObject();
    }

    // The final invocation of a window has no records to tell about.
    private void WriteBatchInfo(Utf8JsonWriter json, ReadOnlySpan<StreamRecord> records)
    {
        json.WriteStartObject("KinesisBatchInfo"u8);
        json.WriteString("shardId"u8, shardId);
        if (!records.IsEmpty)
        {
            (StreamRecord first, StreamRecord last) = (records[0], records[^1]);
            json.WriteString("startSequenceNumber"u8, first.SequenceNumber.ToString());
            json.WriteString("endSequenceNumber"u8, last.SequenceNumber.ToString());
            WriteTime(json, "approximateArrivalOfFirstRecord"u8, first.Arrival);
            WriteTime(json, "approximateArrivalOfLastRecord"u8, last.Arrival);
            json.WriteNumber("batchSize"u8, records.Length);
        }
        json.WriteString("streamArn"u8, eventSourceArn);
        json.WriteEndObject();
    }

    private static void WriteWindowInfo(Utf8JsonWriter json, TimeWindow? window)
    {
        if (window is null)
            return;
        json.WriteStartObject("timeWindowInfo"u8);
        json.WriteStartObject("window"u8);
        json.WriteString("start"u8, TimeWindowWriter.TimeOf(window.Window.Start));
        json.WriteString("end"u8, TimeWindowWriter.TimeOf(window.Window.End));
        json.WriteEndObject();
        json.WriteBoolean("isFinalInvokeForWindow"u8, window.IsFinalInvoke);
        json.WriteBoolean("isWindowTerminatedEarly"u8, window.IsTerminatedEarly);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        Span<byte> utf8 = stackalloc byte["yyyy-MM-ddTHH:mm:ss.fffZ".Length];
        time.UtcDateTime.TryFormat(utf8, out int length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        json.WriteString(name, utf8[..length]);
    }
}
