using System.Buffers;
using System.Text;
using System.Text.Json.Serialization;
using Amazon.Lambda.Core;
using Amazon.Lambda.KinesisEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Samples.Tests.AmazonContracts;

/// <summary>What handlers rely on in the serializers: it holds with Amazon's packages and with our contracts.</summary>
public partial class SerializerTests
{
    private const string Number = "49600000000000000000000000000000000000000000000000000002";

    private static readonly ILambdaSerializer Default = new DefaultLambdaJsonSerializer();

    [Fact]
    public void The_event_that_the_runner_writes_is_read_whole()
    {
        KinesisEvent.KinesisEventRecord record = Assert.Single(Read<KinesisEvent>(Default, WriteEvent()).Records);

        Assert.Equal("aws:kinesis", record.EventSource);
        Assert.Equal("1.0", record.EventVersion);
        Assert.Equal($"shardId-000000000006:{Number}", record.EventId);
        Assert.Equal("aws:kinesis:record", record.EventName);
        Assert.Equal("arn:aws:iam::111122223333:role/orders-consumer", record.InvokeIdentityArn);
        Assert.Equal("eu-west-1", record.AwsRegion);
        Assert.Equal("arn:aws:kinesis:eu-west-1:111122223333:stream/orders", record.EventSourceARN);
        Assert.Equal("1.0", record.Kinesis.KinesisSchemaVersion);
        Assert.Equal("Grüße \"17\"", record.Kinesis.PartitionKey);
        Assert.Equal(Number, record.Kinesis.SequenceNumber);
        Assert.Equal("payload", Encoding.UTF8.GetString(record.Kinesis.Data.ToArray()));
        Assert.Equal(0, record.Kinesis.Data.Position);
    }

    [Fact]
    public void An_arrival_time_with_decimals_is_read_as_a_double_in_UTC()
    {
        DateTime arrival = Read<KinesisEvent>(Default, WriteEvent()).Records[0].Kinesis.ApproximateArrivalTimestamp!.Value;

        Assert.Equal(DateTimeKind.Utc, arrival.Kind);
        Assert.Equal(new DateTime(2026, 9, 19, 9, 11, 25, 234, DateTimeKind.Utc), arrival, TimeSpan.FromMilliseconds(0.01));
    }

    [Theory]
    [InlineData("1789809085", "2026-09-19T09:11:25Z")]
    [InlineData("1789809085234", "2026-09-19T09:11:25.234Z")]
    [InlineData("\"2026-09-19T09:11:25Z\"", "2026-09-19T09:11:25Z")]
    public void Whole_numbers_are_seconds_or_milliseconds(string json, string expected)
    {
        var read = Read<KinesisTimeWindowEvent>(Default, $$$"""{"window":{"start":{{{json}}}}}""");

        Assert.Equal(DateTime.Parse(expected, null, System.Globalization.DateTimeStyles.AdjustToUniversal), read.Window.Start);
    }

    [Fact]
    public void The_state_of_a_window_holds_strings_and_whole_numbers()
    {
        var read = Read<KinesisTimeWindowEvent>(
            Default, """{"state":{"a":"x","b":-7},"shardId":"shardId-000000000006","isFinalInvokeForWindow":true,"isWindowTerminatedEarly":false}""");

        Assert.Equal(new Dictionary<string, string> { ["a"] = "x", ["b"] = "-7" }, read.State);
        Assert.True(read.IsFinalInvokeForWindow);
        Assert.False(read.IsWindowTerminatedEarly);
        Assert.Equal("shardId-000000000006", read.ShardId);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("{}")]
    public void Other_values_in_a_state_are_refused(string value) =>
        Assert.Throws<JsonSerializerException>(() => Read<KinesisTimeWindowEvent>(Default, $$$"""{"state":{"a":{{{value}}}}}"""));

    [Fact]
    public void Reported_failures_are_written_with_AWSs_names()
    {
        var response = new StreamsEventResponse { BatchItemFailures = [new StreamsEventResponse.BatchItemFailure { ItemIdentifier = Number }] };

        Assert.Equal($$"""{"batchItemFailures":[{"itemIdentifier":"{{Number}}"}]}""", Write(Default, response));
    }

    [Fact]
    public void A_window_answers_with_its_state()
    {
        var response = new KinesisTimeWindowResponse { State = new() { ["a"] = "7" }, BatchItemFailures = [] };

        Assert.Equal("""{"state":{"a":"7"},"batchItemFailures":[]}""", Write(Default, response));
    }

    [Fact]
    public void Names_are_kept_unless_the_serializer_is_the_camel_case_one()
    {
        Assert.Equal("""{"SomeName":"<é>"}""", Write(Default, new { SomeName = "<é>" }));
        Assert.Equal("""{"someName":"<é>"}""", Write(new CamelCaseLambdaJsonSerializer(), new { SomeName = "<é>" }));
    }

    [Fact]
    public void A_generated_context_reads_and_writes_the_same()
    {
        ILambdaSerializer generated = new SourceGeneratorLambdaJsonSerializer<AnswerContext>();

        var response = Read<StreamsEventResponse>(generated, """{"BATCHITEMFAILURES":[{"itemidentifier":"7"}]}""");

        Assert.Equal("""{"batchItemFailures":[{"itemIdentifier":"7"}]}""", Write(generated, response));
        Assert.Throws<JsonSerializerException>(() => Read<KinesisEvent>(generated, "{}"));
    }

    [Fact]
    public void What_cannot_be_read_names_the_type_that_was_wanted()
    {
        var error = Assert.Throws<JsonSerializerException>(() => Read<KinesisEvent>(Default, "?"));

        Assert.Contains("Amazon.Lambda.KinesisEvents.KinesisEvent", error.Message, StringComparison.Ordinal);
    }

    private static string WriteEvent()
    {
        var writer = new KinesisEventWriter(
            eventSourceArn: "arn:aws:kinesis:eu-west-1:111122223333:stream/orders",
            awsRegion: "eu-west-1",
            invokeIdentityArn: "arn:aws:iam::111122223333:role/orders-consumer",
            shardId: "shardId-000000000006");
        var record = StreamRecord.Create(
            "Grüße \"17\"", "payload"u8, SequenceNumber.Parse(Number), DateTimeOffset.FromUnixTimeMilliseconds(1789809085234));
        var written = new ArrayBufferWriter<byte>();
        writer.Write([record], written);
        return Encoding.UTF8.GetString(written.WrittenSpan);
    }

    private static T Read<T>(ILambdaSerializer serializer, string json) => serializer.Deserialize<T>(new MemoryStream(Encoding.UTF8.GetBytes(json)));

    private static string Write<T>(ILambdaSerializer serializer, T response)
    {
        using var written = new MemoryStream();
        serializer.Serialize(response, written);
        return Encoding.UTF8.GetString(written.ToArray());
    }

    [JsonSerializable(typeof(StreamsEventResponse))]
    private sealed partial class AnswerContext : JsonSerializerContext;
}
