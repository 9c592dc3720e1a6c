using System.Buffers;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Contracts;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html</summary>
public class DiscardedBatchWriterTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 31, 9, 8, 7, 123, TimeSpan.Zero);

    private static readonly DiscardedBatch Exhausted = new(
        [
            Record("49600000000000000000000000000000000000000000000000000002", Time.AddMilliseconds(-2122)),
            Record("49600000000000000000000000000000000000000000000000000003", Time.AddSeconds(-2)),
            Record("49600000000000000000000000000000000000000000000000000004", Time.AddMilliseconds(-1223)),
        ],
        DiscardReason.RetryAttemptsExhausted,
        Guid.Parse("0b1f6f0e-4f2c-4f9a-9a1b-2f3c4d5e6f70"),
        ApproximateInvokeCount: 2,
        new DiscardedResponse("Unhandled", "It is broken."),
        Time);

    private static readonly DiscardedBatchWriter Orders = new(
        functionArn: "arn:aws:lambda:eu-west-1:111122223333:function:orders:live",
        eventSourceArn: "arn:aws:kinesis:eu-west-1:111122223333:stream/orders",
        shardId: "shardId-000000000000",
        executedVersion: "7");

    [Fact]
    public void The_document_is_AWSs_on_one_line()
    {
        Assert.Equal(
            """{"requestContext":{"requestId":"0b1f6f0e-4f2c-4f9a-9a1b-2f3c4d5e6f70","functionArn":"arn:aws:lambda:eu-west-1:111122223333:function:orders:live","condition":"RetryAttemptsExhausted","approximateInvokeCount":2},"responseContext":{"statusCode":200,"executedVersion":"7","functionError":"Unhandled"},"version":"1.0","timestamp":"2026-01-31T09:08:07.123Z","KinesisBatchInfo":{"shardId":"shardId-000000000000","startSequenceNumber":"49600000000000000000000000000000000000000000000000000002","endSequenceNumber":"49600000000000000000000000000000000000000000000000000004","approximateArrivalOfFirstRecord":"2026-01-31T09:08:05.001Z","approximateArrivalOfLastRecord":"2026-01-31T09:08:05.900Z","batchSize":3,"streamArn":"arn:aws:kinesis:eu-west-1:111122223333:stream/orders"}}""",
            Write(Orders, Exhausted));
    }

    [Fact]
    public void The_final_invocation_of_a_window_tells_shard_stream_and_window()
    {
        var start = DateTimeOffset.Parse("2026-09-19T14:11:10Z", System.Globalization.CultureInfo.InvariantCulture);
        var window = new TimeWindow(new TumblingWindow(start, start.AddSeconds(10), TumblingWindow.EmptyState), WindowEnding.Complete);
        JsonElement document = Parse(Write(Orders, Exhausted with { Records = [], Window = window }));

        Assert.Equal(
            """{"shardId":"shardId-000000000000","streamArn":"arn:aws:kinesis:eu-west-1:111122223333:stream/orders"}""",
            document.GetProperty("KinesisBatchInfo").GetRawText());
        Assert.Equal(
            """{"window":{"start":"2026-09-19T14:11:10Z","end":"2026-09-19T14:11:20Z"},"isFinalInvokeForWindow":true,"isWindowTerminatedEarly":false}""",
            document.GetProperty("timeWindowInfo").GetRawText());
    }

    [Fact]
    public void A_batch_whose_age_decided_has_no_responseContext()
    {
        JsonElement document = Parse(Write(Orders, Exhausted with { Reason = DiscardReason.RecordAgeExceeded, Response = null }));

        Assert.False(document.TryGetProperty("responseContext", out _));
        Assert.Equal("RecordAgeExceeded", document.GetProperty("requestContext").GetProperty("condition").GetString());
    }

    [Fact]
    public void A_reported_failure_has_a_functionError_of_null()
    {
        JsonElement document = Parse(Write(Orders, Exhausted with { Response = new DiscardedResponse(null, null) }));

        Assert.Equal(JsonValueKind.Null, document.GetProperty("responseContext").GetProperty("functionError").ValueKind);
    }

    [Fact]
    public void A_function_without_an_alias_runs_as_LATEST()
    {
        var writer = new DiscardedBatchWriter("arn:aws:lambda:us-east-1:000000000000:function:a+b", "arn:stream/é", "shardId-000000000000");

        string document = Write(writer, Exhausted);

        Assert.Contains("\"executedVersion\":\"$LATEST\"", document, StringComparison.Ordinal);
        Assert.Contains("function:a+b", document, StringComparison.Ordinal);
        Assert.Contains("arn:stream/é", document, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_are_in_UTC_and_have_three_decimals()
    {
        DateTimeOffset elsewhere = new(2026, 1, 31, 14, 38, 7, TimeSpan.FromHours(5.5));

        JsonElement document = Parse(Write(Orders, Exhausted with { Time = elsewhere }));

        Assert.Equal("2026-01-31T09:08:07.000Z", document.GetProperty("timestamp").GetString());
    }

    [Fact]
    public void A_single_record_is_first_and_last()
    {
        JsonElement info = Parse(Write(Orders, Exhausted with { Records = [Exhausted.Records[1]] })).GetProperty("KinesisBatchInfo");

        Assert.Equal(1, info.GetProperty("batchSize").GetInt32());
        Assert.Equal(info.GetProperty("startSequenceNumber").GetString(), info.GetProperty("endSequenceNumber").GetString());
    }

    [Fact]
    public void A_bucket_gets_the_complete_event_as_a_text_that_follows_the_rest()
    {
        var events = new KinesisEventWriter("arn:stream/é", "eu-west-1", "arn:role", "shardId-000000000000");
        var payload = new ArrayBufferWriter<byte>();
        events.Write(Exhausted.Records.AsSpan(), payload);
        var written = new ArrayBufferWriter<byte>();

        Orders.Write(Exhausted, payload.WrittenSpan, written);

        string document = Encoding.UTF8.GetString(written.WrittenSpan);
        Assert.StartsWith(Write(Orders, Exhausted)[..^1] + ",\"payload\":\"{\\\"Records\\\":[{\\\"kinesis\\\"", document, StringComparison.Ordinal);
        Assert.Equal(Encoding.UTF8.GetString(payload.WrittenSpan), Parse(document).GetProperty("payload").GetString());
    }

    private static StreamRecord Record(string number, DateTimeOffset arrival) =>
        StreamRecord.Create("key", "data"u8, SequenceNumber.Parse(number), arrival);

    private static string Write(DiscardedBatchWriter writer, DiscardedBatch batch)
    {
        var written = new ArrayBufferWriter<byte>();
        writer.Write(batch, written);
        return Encoding.UTF8.GetString(written.WrittenSpan);
    }

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
