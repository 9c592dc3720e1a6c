using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Aws.Kinesis;
using LambdaStreamRunner.Runner.Polling;
using LambdaStreamRunner.Runner.Tests.Aws;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Polling;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html, from a scripted endpoint under virtual time.</summary>
public sealed class RemoteShardReaderTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ScriptedService _service = new();
    private readonly AwsClient _client;
    private readonly RemoteShardReader _reader;
    private bool _streamIsThere = true;

    public RemoteShardReaderTests()
    {
        _client = new AwsClient(AwsEndpoint.Of("kinesis", "us-east-1", "http://localhost:1"), _time, new BasicAWSCredentials("local", "local"), _service);
        var stream = new KinesisStream(_client, "clicks", "arn:aws:kinesis:us-east-1:000000000000:stream/clicks");
        _reader = new RemoteShardReader(stream, "shardId-000000000000", _time, _ => ValueTask.FromResult(_streamIsThere));
    }

    [Fact]
    public async Task Records_come_as_the_stream_has_them()
    {
        Iterator("i0").Page("i1", 0, (11, "schlüssel", "eins"), (12, "b", ""));

        ShardReadResult read = await ReadAsync(ShardPosition.TrimHorizon);

        StreamRecord[] records = [.. read.Records.ToArray()];
        Assert.Equal(["11 schlüssel eins", "12 b "], records.Select(record => $"{record.SequenceNumber} {record.PartitionKey} {Encoding.UTF8.GetString(record.Data.Span)}"));
        Assert.Equal(HashKeyRange.HashOf("schlüssel"u8), records[0].KeyHash);
        Assert.Equal(1_767_225_600_123, records[0].ArrivalMilliseconds);
        Assert.False(read.IsEnd);
        Assert.Equal(["GetShardIterator TRIM_HORIZON", "GetRecords i0 10"], Calls());
    }

    [Fact]
    public async Task Both_cursors_together_call_at_most_five_times_a_second()
    {
        Iterator("i0").Page("i1", 0).Page("i2", 0);
        await ReadAsync(ShardPosition.TrimHorizon);           // two calls: the second one waited

        Task<ShardReadResult> second = _reader.ReadAsync(Request(ShardPosition.TrimHorizon), CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(199));
        Assert.Equal(2, _service.Requests.Count);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await second;

        Assert.Equal(3, _service.Requests.Count);
    }

    [Fact]
    public async Task An_expired_iterator_is_replaced_by_one_at_the_same_place()
    {
        Iterator("i0").Page("i1", 0, (11, "a", "x"));
        await ReadAsync(ShardPosition.TrimHorizon);
        _service.Answers(HttpStatusCode.BadRequest, """{"__type":"ExpiredIteratorException","message":"Iterator expired."}""");
        Iterator("i9").Page("i10", 0, (12, "a", "y"));

        ShardReadResult read = await ReadAsync(After(11), wait: true);

        Assert.Equal(["y"], Texts(read));
        Assert.Equal(["GetRecords i1 10", "GetShardIterator AFTER_SEQUENCE_NUMBER 11", "GetRecords i9 10"], Calls().Skip(2));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, """{"__type":"ProvisionedThroughputExceededException","message":"Rate exceeded"}""", "ProvisionedThroughputExceededException: Rate exceeded")]
    [InlineData(HttpStatusCode.BadRequest, """{"__type":"LimitExceededException","message":"slowly"}""", "LimitExceededException: slowly")]
    [InlineData(HttpStatusCode.InternalServerError, """{"__type":"InternalFailure"}""", "InternalFailure: ")]
    public async Task Throttling_and_faults_are_failed_reads_and_the_next_one_goes_on(HttpStatusCode status, string body, string error)
    {
        Iterator("i0");
        _service.Answers(status, body);
        Page("i1", 0, (11, "a", "x"));

        ReadRefusedException refused = await Assert.ThrowsAsync<ReadRefusedException>(() => ReadAsync(ShardPosition.TrimHorizon));
        ShardReadResult read = await ReadAsync(ShardPosition.TrimHorizon);

        Assert.Equal(error, refused.Message);
        Assert.Equal(["x"], Texts(read));
        Assert.Equal(["GetShardIterator TRIM_HORIZON", "GetRecords i0 10", "GetRecords i0 10"], Calls());
    }

    [Fact]
    public async Task What_had_no_room_is_not_fetched_again()
    {
        Iterator("i0").Page("i1", 0, (11, "a", "x"), (12, "b", "y"), (13, "c", "z"));
        await ReadAsync(ShardPosition.TrimHorizon);

        Assert.Equal(["y", "z"], Texts(await ReadAsync(ShardPosition.At(SequenceNumber.Parse("12")))));
        Assert.Equal(["z"], Texts(await ReadAsync(After(12))));
        Assert.Equal(2, _service.Requests.Count);
    }

    [Fact]
    public async Task A_place_after_a_record_that_the_machine_names_by_the_next_number_is_after_that_record()
    {
        Iterator("i0").Page("i1", 0);

        await ReadAsync(ShardPosition.At(SequenceNumber.Parse("11").Next()));

        Assert.Equal("GetShardIterator AFTER_SEQUENCE_NUMBER 11", Calls()[0]);
    }

    [Fact]
    public async Task A_closed_shard_ends_with_its_last_record_and_after_it()
    {
        Iterator("i0").Page(null, 0, (11, "a", "x"));

        Assert.True((await ReadAsync(ShardPosition.TrimHorizon)).IsEnd);
        ShardReadResult after = await ReadAsync(After(11));

        Assert.True(after.IsEnd);
        Assert.True(after.Records.IsEmpty);
        Assert.Equal(2, _service.Requests.Count);
    }

    [Fact]
    public async Task A_shard_that_is_not_there_any_more_has_ended_and_a_stream_that_is_not_is_a_problem()
    {
        const string Missing = """{"__type":"ResourceNotFoundException","message":"Shard shardId-000000000000 in stream clicks under account 000000000000 does not exist"}""";
        _service.Answers(HttpStatusCode.BadRequest, Missing).Answers(HttpStatusCode.BadRequest, Missing);

        _streamIsThere = false;
        ReadRefusedException gone = await Assert.ThrowsAsync<ReadRefusedException>(() => ReadAsync(ShardPosition.TrimHorizon));
        _streamIsThere = true;

        Assert.Equal("stream 'clicks' was deleted", gone.Message);
        Assert.True((await ReadAsync(ShardPosition.TrimHorizon)).IsEnd);
    }

    [Fact]
    public async Task A_shard_is_at_its_tip_when_a_read_that_began_after_the_question_finds_nothing()
    {
        Iterator("i0").Page("i1", 5_000).Page("i2", 0).Page("i3", 0);
        Assert.False(_reader.IsAtTip(ShardPosition.TrimHorizon));
        await ReadAsync(ShardPosition.TrimHorizon);
        Assert.False(_reader.IsAtTip(ShardPosition.TrimHorizon), "it is behind");
        await ReadAsync(ShardPosition.TrimHorizon);
        Assert.True(_reader.IsAtTip(ShardPosition.TrimHorizon));

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(_reader.IsAtTip(ShardPosition.TrimHorizon), "the question is a new one");
        await ReadAsync(ShardPosition.TrimHorizon);
        Assert.True(_reader.IsAtTip(ShardPosition.TrimHorizon));
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("""{"Records":[{"SequenceNumber":"11"}]}""")]
    [InlineData("""{"Records":[{"SequenceNumber":"11","PartitionKey":"a","Data":"%"}]}""")]
    [InlineData("""{"Records":7}""")]
    public async Task An_answer_that_cannot_be_read_is_a_failed_read(string body)
    {
        Iterator("i0");
        _service.Answers(HttpStatusCode.OK, body);

        ReadRefusedException refused = await Assert.ThrowsAsync<ReadRefusedException>(() => ReadAsync(ShardPosition.TrimHorizon));

        Assert.StartsWith("UnreadableAnswer: ", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    private RemoteShardReaderTests Iterator(string iterator)
    {
        _service.Answers(HttpStatusCode.OK, JsonSerializer.Serialize(new { ShardIterator = iterator }));
        return this;
    }

    private RemoteShardReaderTests Page(string? next, long behind, params (int Number, string Key, string Text)[] records)
    {
        _service.Answers(HttpStatusCode.OK, JsonSerializer.Serialize(new
        {
            Records = records.Select(record => new
            {
                SequenceNumber = $"{record.Number}", ApproximateArrivalTimestamp = 1.767225600123E9, Data = Encoding.UTF8.GetBytes(record.Text), PartitionKey = record.Key,
            }),
            NextShardIterator = next,
            MillisBehindLatest = behind,
        }));
        return this;
    }

    private async Task<ShardReadResult> ReadAsync(ShardPosition from, bool wait = false)
    {
        Task<ShardReadResult> read = _reader.ReadAsync(Request(from, wait), TestContext.Current.CancellationToken).AsTask();
        while (!read.IsCompleted)                             // nobody waits here but for the pace
        {
            _time.Advance(ReadPace.Interval);
            await Task.Yield();
        }
        return await read;
    }

    private static ShardDecision.ReadRecords Request(ShardPosition from, bool wait = false) => new(ReadCursor.Main, from, 10, wait);

    private static ShardPosition After(int number) => ShardPosition.After(SequenceNumber.Parse($"{number}"));

    private static string[] Texts(ShardReadResult read) => [.. read.Records.ToArray().Select(record => Encoding.UTF8.GetString(record.Data.Span))];

    private string[] Calls() => [.. _service.Requests.Select(request => Call(request.Message.Headers.GetValues("X-Amz-Target").Single().Split('.')[1], JsonElement.Parse(request.Body)))];

    private static string Call(string action, JsonElement body) => string.Join(' ', new[] { action }.Concat(
        from member in new[] { "ShardIterator", "ShardIteratorType", "StartingSequenceNumber", "Limit" }
        where body.TryGetProperty(member, out _)
        select body.GetProperty(member).ToString()));
}
