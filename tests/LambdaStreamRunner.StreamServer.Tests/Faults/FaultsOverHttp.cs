using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Faults;
using LambdaStreamRunner.StreamServer.Tests.Protocol.Cbor;
using LambdaStreamRunner.StreamServer.Tests.Subscriptions;

namespace LambdaStreamRunner.StreamServer.Tests.Faults;

/// <summary>Calls that fail on request, as clients see them.</summary>
public class FaultsOverHttp
{
    private const string Throttled =
        """{"__type":"ProvisionedThroughputExceededException","message":"Rate exceeded for shard shardId-000000000000 in stream clicks under account 000000000000."}""";

    private const string Failed = """{"__type":"InternalFailure"}""";

    private const string Expired =
        """{"__type":"ExpiredIteratorException","message":"Iterator expired. The iterator was created at time Wed Dec 31 23:54:59 UTC 2025 while right now it is Thu Jan 01 00:00:00 UTC 2026 which is further in the future than the tolerated delay of 300000 milliseconds."}""";

    private const string Iterator = """{"StreamName":"clicks","ShardId":"0","ShardIteratorType":"TRIM_HORIZON"}""";

    public static TheoryData<bool> Formats => [true, false];

    [Theory]
    [InlineData("PutRecord", """{"StreamName":"clicks","Data":"YQ==","PartitionKey":"k"}""")]
    [InlineData("PutRecord", """{"StreamName":"clicks","Data":"YQ==","PartitionKey":"k","ExplicitHashKey":"7"}""")]
    [InlineData("GetShardIterator", Iterator)]
    public async Task A_throttled_call_is_told_so_in_both_formats(string action, string request)
    {
        await using KinesisServer server = await StartAsync(new StreamFaults { ThrottleRate = 1 });
        foreach (bool cbor in new[] { false, true })
            Assert.Equal((HttpStatusCode.BadRequest, Throttled), await AskAsync(server, action, request, cbor));
        Assert.Equal(0, server.Streams.Get("clicks").Records.Shards[0].RecordCount);
        Assert.Equal(2, server.Streams.Get("clicks").Faults!.Counts.ThrottledCalls);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_call_that_fails_is_answered_500_and_nothing_is_put(bool cbor)
    {
        await using KinesisServer server = await StartAsync(new StreamFaults { ErrorRate = 1 });
        (string, string)[] calls =
        [
            ("PutRecord", """{"StreamName":"clicks","Data":"YQ==","PartitionKey":"k"}"""),
            ("PutRecords", """{"StreamName":"clicks","Records":[{"Data":"YQ==","PartitionKey":"k"},{"Data":"YQ==","PartitionKey":"l"}]}"""),
            ("GetShardIterator", Iterator),
        ];
        foreach ((string action, string request) in calls)
            Assert.Equal((HttpStatusCode.InternalServerError, Failed), await AskAsync(server, action, request, cbor));

        EmbeddedStream stream = server.Streams.Get("clicks");
        Assert.Equal(0, stream.Records.Shards[0].RecordCount);
        Assert.Equal((3, 3, 0), (stream.Faults!.Counts.Calls, stream.Faults.Counts.FailedCalls, stream.Faults.Counts.FailedRecords));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task GetRecords_is_told_that_its_iterator_has_expired_or_is_throttled_or_fails(bool cbor)
    {
        await using KinesisServer server = await StartAsync(faults: null);
        string request = $$"""{"ShardIterator":"{{await server.IteratorAsync("clicks", "TRIM_HORIZON")}}"}""";
        EmbeddedStream stream = server.Streams.Get("clicks");

        stream.Rehearse(new StreamFaults { ExpiredIteratorRate = 1 });
        Assert.Equal((HttpStatusCode.BadRequest, Expired), await AskAsync(server, "GetRecords", request, cbor));
        Assert.Equal(1, stream.Faults!.Counts.ExpiredIterators);
        stream.Rehearse(new StreamFaults { ThrottleRate = 1 });
        Assert.Equal((HttpStatusCode.BadRequest, Throttled), await AskAsync(server, "GetRecords", request, cbor));
        stream.Rehearse(new StreamFaults { ErrorRate = 1 });
        Assert.Equal((HttpStatusCode.InternalServerError, Failed), await AskAsync(server, "GetRecords", request, cbor));
        stream.Rehearse(null);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(server, "GetRecords", request, cbor)).Status);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Records_of_a_PutRecords_fail_by_themselves_and_only_the_others_are_put(bool cbor)
    {
        await using KinesisServer server = await StartAsync(new StreamFaults { ThrottleRate = 0.3, ErrorRate = 0.2, Seed = FirstCallGoesThrough });
        string records = string.Join(',', Enumerable.Range(0, 400).Select(i => $$"""{"Data":"{{Base64(i)}}","PartitionKey":"key {{i % 7}}"}"""));

        (HttpStatusCode status, string body) = await AskAsync(server, "PutRecords", $$"""{"StreamName":"clicks","Records":[{{records}}]}""", cbor);

        Assert.Equal(HttpStatusCode.OK, status);
        JsonNode answer = JsonNode.Parse(body)!;
        JsonArray results = answer["Records"]!.AsArray();
        EmbeddedStream stream = server.Streams.Get("clicks");
        FaultCounts counts = stream.Faults!.Counts;
        Assert.Equal(counts.ThrottledRecords, results.Count(result => $"{result!["ErrorCode"]}" == "ProvisionedThroughputExceededException"));
        Assert.Equal(counts.FailedRecords, results.Count(result => $"{result!["ErrorCode"]} {result["ErrorMessage"]}" == "InternalFailure Internal Service Failure"));
        Assert.True(counts is { ThrottledRecords: > 60, FailedRecords: > 30 });
        Assert.Equal(counts.ThrottledRecords + counts.FailedRecords, answer["FailedRecordCount"]!.GetValue<long>());
        int[] accepted = [.. results.Index().Where(result => result.Item!["SequenceNumber"] is not null).Select(result => result.Index)];
        Assert.Equal(accepted, NumbersOn(stream).Select(record => record.Number));
        Assert.Equal(accepted.Select(place => results[place]!["SequenceNumber"]!.GetValue<string>()), NumbersOn(stream).Select(record => record.SequenceNumber));
    }

    [Fact]
    public async Task Limits_hold_for_what_the_faults_let_through()
    {
        await using KinesisServer server = await StartAsync(new StreamFaults { ThrottleRate = 0.1, Seed = FirstCallGoesThrough });
        server.Streams.Get("clicks").Limit(StreamLimits.Aws);
        string records = string.Join(',', Enumerable.Range(0, 500).Select(i => $$"""{"Data":"","PartitionKey":"{{i}}"}"""));
        for (int i = 0; i < 3; i++)
            await AskAsync(server, "PutRecords", $$"""{"StreamName":"clicks","Records":[{{records}}]}""", cbor: false);

        Assert.Equal(1000, server.Streams.Get("clicks").Records.Shards[0].RecordCount);
    }

    [Theory]
    [InlineData(1, 0, HttpStatusCode.BadRequest, """{"__type":"LimitExceededException","message":"Rate exceeded for stream clicks under account 000000000000."}""")]
    [InlineData(0, 1, HttpStatusCode.InternalServerError, Failed)]
    public async Task A_subscription_is_refused_before_it_begins(double throttled, double failed, HttpStatusCode status, string error)
    {
        await using SubscribedServer server = await SubscribedServer.StartAsync();
        server.Stream.Rehearse(new StreamFaults { ThrottleRate = throttled, ErrorRate = failed });
        Assert.Equal((status, error), await AskAsync(server.Kinesis, "SubscribeToShard", server.Request(), cbor: false));
        Assert.Equal((status, error), await AskAsync(server.Kinesis, "SubscribeToShard", server.Request(), cbor: true));

        server.Stream.Rehearse(null);
        await server.SubscribeAsync();                        // at once: what was refused took nobody's place
    }

    [Fact]
    public async Task A_dry_run_and_a_wrong_request_meet_no_faults()
    {
        await using KinesisServer server = await StartAsync(new StreamFaults { ErrorRate = 1 });

        Assert.StartsWith(
            "DryRunOperationException", await server.RefusedAsync("PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "k", DryRun = true }), StringComparison.Ordinal);
        Assert.StartsWith("ValidationException", await server.RefusedAsync("PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "" }), StringComparison.Ordinal);
        Assert.Equal(0, server.Streams.Get("clicks").Faults!.Counts.Calls);
    }

    [Fact]
    public async Task What_the_process_puts_and_reads_meets_none()
    {
        await using KinesisServer server = await StartAsync(new StreamFaults { ErrorRate = 1, LatencyMin = TimeSpan.FromMinutes(1), LatencyMax = TimeSpan.FromMinutes(1) });
        EmbeddedStream stream = server.Streams.Get("clicks");

        stream.Put("k", "x"u8.ToArray());

        Assert.Equal(1, (await stream.ReadAsync(new ShardReader(stream.Records.Shards[0]), ShardPosition.TrimHorizon, 10, TestContext.Current.CancellationToken)).Records.Length);
        Assert.Equal(0, stream.Faults!.Counts.Calls);
    }

    [Theory]
    [InlineData("PutRecord", """{"StreamName":"clicks","Data":"YQ==","PartitionKey":"k"}""", 0.0, HttpStatusCode.OK)]
    [InlineData("PutRecord", """{"StreamName":"clicks","Data":"YQ==","PartitionKey":"k"}""", 1.0, HttpStatusCode.InternalServerError)]
    [InlineData("PutRecords", """{"StreamName":"clicks","Records":[{"Data":"YQ==","PartitionKey":"k"}]}""", 0.0, HttpStatusCode.OK)]
    [InlineData("GetShardIterator", Iterator, 0.0, HttpStatusCode.OK)]
    [InlineData("GetShardIterator", Iterator, 1.0, HttpStatusCode.InternalServerError)]
    public async Task An_answer_is_late_in_real_time_also_when_it_is_an_error(string action, string request, double errors, HttpStatusCode expected)
    {
        var latency = TimeSpan.FromMilliseconds(230);
        var clock = new WaitingClock(latency);
        await using KinesisServer server = await StartAsync(new StreamFaults { ErrorRate = errors, LatencyMin = latency, LatencyMax = latency }, clock);

        Task<(HttpStatusCode Status, string Body)> asking = AskAsync(server, action, request, cbor: false);
        await clock.SomebodyWaitsAsync();
        Assert.False(asking.IsCompleted);
        clock.Advance(latency);

        Assert.Equal(expected, (await asking).Status);
        Assert.Equal(1, server.Streams.Get("clicks").Faults!.Counts.LateAnswers);
    }

    [Fact]
    public async Task A_server_that_stops_keeps_nobody_waiting()
    {
        var latency = TimeSpan.FromMinutes(1);
        var clock = new WaitingClock(latency);
        await using KinesisServer server = await StartAsync(new StreamFaults { LatencyMin = latency, LatencyMax = latency }, clock);
        Task<(HttpStatusCode Status, string Body)> asking = AskAsync(server, "GetShardIterator", Iterator, cbor: false);
        await clock.SomebodyWaitsAsync();

        await server.StopAsync();

        Assert.Equal(HttpStatusCode.OK, (await asking).Status);
    }

    // The first call of this seed meets no error of its own with the rates that are used here.
    private const int FirstCallGoesThrough = 1;

    private static async Task<KinesisServer> StartAsync(StreamFaults? faults, WaitingClock? clock = null)
    {
        KinesisServer server = await KinesisServer.StartAsync(clock: clock);
        server.Streams.Create("clicks", 1).Rehearse(faults);
        return server;
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(KinesisServer server, string action, string request, bool cbor)
    {
        if (!cbor)
            return await server.SendAsync(KinesisServer.Request(action, request));
        using HttpResponseMessage response = await server.Http.SendAsync(CborText.Request(action, CborText.FromJson(request)), TestContext.Current.CancellationToken);
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, CborText.ToJson(body)!.ToJsonString());
    }

    private static string Base64(int number) => Convert.ToBase64String(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));

    private static IEnumerable<(int Number, string SequenceNumber)> NumbersOn(EmbeddedStream stream)
    {
        ShardRead read = stream.Read(new ShardReader(stream.Records.Shards[0]), ShardPosition.TrimHorizon, ShardReader.RecordsMax);
        foreach (ReadOnlyMemory<StreamRecord> run in read.Records)
        {
            foreach (StreamRecord record in run.ToArray())
                yield return (int.Parse(Encoding.ASCII.GetString(record.Data.Span), CultureInfo.InvariantCulture), record.SequenceNumber.ToString());
        }
    }
}
