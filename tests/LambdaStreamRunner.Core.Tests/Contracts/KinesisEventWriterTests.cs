using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Contracts;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html</summary>
public class KinesisEventWriterTests
{
    private const string Number = "49600000000000000000000000000000000000000000000000000002";

    private static readonly KinesisEventWriter Orders = new(
        eventSourceArn: "arn:aws:kinesis:eu-west-1:111122223333:stream/orders",
        awsRegion: "eu-west-1",
        invokeIdentityArn: "arn:aws:iam::111122223333:role/orders-consumer",
        shardId: "shardId-000000000006");

    [Fact]
    public void The_event_is_AWSs_byte_for_byte()
    {
        Assert.Equal(
            """{"Records":[{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"order-17","sequenceNumber":"49600000000000000000000000000000000000000000000000000002","data":"eyJpZCI6MTd9","approximateArrivalTimestamp":1789809085.234},"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"shardId-000000000006:49600000000000000000000000000000000000000000000000000002","eventName":"aws:kinesis:record","invokeIdentityArn":"arn:aws:iam::111122223333:role/orders-consumer","awsRegion":"eu-west-1","eventSourceARN":"arn:aws:kinesis:eu-west-1:111122223333:stream/orders"}]}""",
            Write(Records.OfTheExample("""{"id":17}"""u8)));
    }

    [Theory]
    [InlineData(WindowEnding.None, "false", "false")]
    [InlineData(WindowEnding.Complete, "true", "false")]
    [InlineData(WindowEnding.TerminatedEarly, "true", "true")]
    public void A_tumbling_window_adds_its_members_with_the_state_untouched(WindowEnding ending, string isFinal, string isEarly)
    {
        var start = DateTimeOffset.Parse("2026-09-19T14:11:10Z", System.Globalization.CultureInfo.InvariantCulture);
        var window = new TimeWindow(new TumblingWindow(start, start.AddSeconds(10), "{ \"sum\" : [1, {\"ü\":null}] }"u8.ToArray()), ending);
        var written = new ArrayBufferWriter<byte>();
        Orders.Write([], written, window);

        Assert.Equal(
            $$"""{"Records":[],"shardId":"shardId-000000000006","eventSourceARN":"arn:aws:kinesis:eu-west-1:111122223333:stream/orders","window":{"start":"2026-09-19T14:11:10Z","end":"2026-09-19T14:11:20Z"},"state":{ "sum" : [1, {"ü":null}] },"isFinalInvokeForWindow":{{isFinal}},"isWindowTerminatedEarly":{{isEarly}}}""",
            Encoding.UTF8.GetString(written.WrittenSpan));
        Assert.Equal(written.WrittenCount, Orders.Measure([], window));
    }

    [Fact]
    public void A_record_of_the_example_without_data_takes_536_bytes()
    {
        StreamRecord record = Records.OfTheExample([]);

        Assert.Equal(536, Orders.FixedRecordLength + record.EventLength);
    }

    [Fact]
    public void Six_records_of_673680_bytes_and_one_of_673683_fill_the_largest_event_exactly()
    {
        StreamRecord[] records = [.. Enumerable.Repeat(Records.OfTheExample(new byte[673_680]), 6), Records.OfTheExample(new byte[673_683])];

        Assert.Equal(KinesisEventFormat.EventLengthMax, Orders.Measure(records));
    }

    [Fact]
    public void Records_are_separated_by_commas() =>
        Assert.Equal(3, Parse(Write([.. Records.Numbered("1", "2", "3")])).GetArrayLength());

    [Fact]
    public void An_empty_batch_is_an_empty_list() => Assert.Equal("""{"Records":[]}""", Write());

    [Theory]
    [InlineData(1789809307300, "1789809307.3")]
    [InlineData(1789809933220, "1789809933.22")]
    [InlineData(1789809302061, "1789809302.061")]
    [InlineData(1789809302001, "1789809302.001")]
    [InlineData(1789809085000, "1789809085")]
    [InlineData(0, "0")]
    [InlineData(7, "0.007")]
    [InlineData(-1500, "-1.5")]
    public void S_97_an_arrival_time_has_no_trailing_zeros(long milliseconds, string expected)
    {
        StreamRecord record = StreamRecord.Create("key", [], SequenceNumber.Parse(Number), DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));

        Assert.Contains($"\"approximateArrivalTimestamp\":{expected}}}", Write(record), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Grüße/+<&>'", "Grüße/+<&>'")]
    [InlineData("a\"b\\c", "a\\\"b\\\\c")]
    [InlineData("\t\n\r\b\f", "\\t\\n\\r\\b\\f")]
    [InlineData("\0\u001f\u007f", "\\u0000\\u001F\u007f")]
    [InlineData("😀", "😀")]
    public void Only_quotes_backslashes_and_control_characters_of_a_key_are_escaped(string key, string expected)
    {
        StreamRecord record = StreamRecord.Create(key, [], SequenceNumber.Parse(Number), DateTimeOffset.UnixEpoch);

        Assert.Contains($"\"partitionKey\":\"{expected}\",", Write(record), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_with_quotes_are_escaped_too()
    {
        var writer = new KinesisEventWriter("arn\"", "\\", "role\n", "shard");
        var written = new ArrayBufferWriter<byte>();
        writer.Write([Records.OfTheExample([])], written);

        JsonElement record = Parse(Encoding.UTF8.GetString(written.WrittenSpan))[0];

        Assert.Equal("arn\"", record.GetProperty("eventSourceARN").GetString());
        Assert.Equal("\\", record.GetProperty("awsRegion").GetString());
        Assert.Equal("role\n", record.GetProperty("invokeIdentityArn").GetString());
    }

    [Fact]
    public void Any_batch_is_as_long_as_measured_and_reads_back() =>
        Records.Any.Array[0, 5].Sample(records =>
        {
            var written = new ArrayBufferWriter<byte>();
            Orders.Write(records, written);

            Assert.Equal(Orders.Measure(records), written.WrittenCount);
            using JsonDocument parsed = JsonDocument.Parse(written.WrittenMemory);
            JsonElement[] read = [.. parsed.RootElement.GetProperty("Records").EnumerateArray()];
            Assert.Equal(records.Length, read.Length);
            foreach ((StreamRecord record, JsonElement element) in records.Zip(read))
                AssertSame(record, element);
        });

    [Fact]
    public void Any_record_that_a_stream_made_is_as_long_as_the_batch_gatherer_counts() =>
        Records.Any.Where(record => record.SequenceNumber.IsVersion2).Sample(record =>
            Assert.Equal(KinesisEventFormat.EnvelopeLength + Orders.FixedRecordLength + record.EventLength, Write(record).Length + NonAscii(record)));

    [Fact]
    public void Memory_that_is_too_short_is_refused() =>
        Assert.Throws<ArgumentException>(() => Orders.Write([Records.OfTheExample(new byte[1_000])], new byte[1_000]));

    [Fact]
    public void Writing_allocates_nothing()
    {
        StreamRecord[] records = [.. Enumerable.Repeat(Records.OfTheExample(new byte[100]), 100)];
        byte[] utf8 = new byte[Orders.Measure(records)];
        Orders.Write(records, utf8);                          // what a first call allocates is the runtime's

        long before = GC.GetAllocatedBytesForCurrentThread();
        Orders.Write(records, utf8);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void AssertSame(StreamRecord expected, JsonElement actual)
    {
        JsonElement kinesis = actual.GetProperty("kinesis");
        Assert.Equal(expected.PartitionKey, kinesis.GetProperty("partitionKey").GetString());
        Assert.Equal(expected.SequenceNumber.ToString(), kinesis.GetProperty("sequenceNumber").GetString());
        Assert.Equal(expected.Data.ToArray(), kinesis.GetProperty("data").GetBytesFromBase64());
        Assert.Equal(expected.ArrivalMilliseconds / 1000m, kinesis.GetProperty("approximateArrivalTimestamp").GetDecimal());
        Assert.Equal($"shardId-000000000006:{expected.SequenceNumber}", actual.GetProperty("eventID").GetString());
    }

    private static int NonAscii(StreamRecord record) => record.Key.Length - record.PartitionKey.Length;

    private static string Write(params ReadOnlySpan<StreamRecord> records)
    {
        var written = new ArrayBufferWriter<byte>();
        Orders.Write(records, written);
        return Encoding.UTF8.GetString(written.WrittenSpan);
    }

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("Records").Clone();
    }
}
