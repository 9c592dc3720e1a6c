using System.Net;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Protocol;
using LambdaStreamRunner.StreamServer.Subscriptions;

namespace LambdaStreamRunner.StreamServer.Tests.Subscriptions;

/// <summary>Kinesis reference 7, and checks 55 to 58 of 9.3.</summary>
public sealed class SubscribeToShardTests : IAsyncLifetime
{
    private SubscribedServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await SubscribedServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Records_are_pushed_those_that_are_there_and_those_that_come(string version)
    {
        _server.Put("one", "two");
        await using EventReader events = await _server.SubscribeAsync(version: Version.Parse(version));

        EventFrameRead there = await events.NextEventAsync();
        _server.Put("three");
        EventFrameRead came = await events.NextEventAsync();

        Assert.Equal(["one", "two"], there.Texts);
        Assert.Equal(["three"], came.Texts);
        Assert.Equal(came.Json["Records"]![0]!["SequenceNumber"]!.GetValue<string>(), came.Continuation);
        Assert.Equal(0, came.Json["MillisBehindLatest"]!.GetValue<long>());
        Assert.Equal(["ApproximateArrivalTimestamp", "Data", "PartitionKey", "SequenceNumber"], came.Json["Records"]![0]!.AsObject().Select(member => member.Key).Order());
        Assert.Equal(["ContinuationSequenceNumber", "MillisBehindLatest", "Records"], came.Json.Select(member => member.Key).Order());
    }

    [Fact]
    public async Task A_request_in_CBOR_gets_its_events_in_CBOR()
    {
        _server.Put("one");
        await using EventReader events = await _server.SubscribeAsync(format: PayloadFormat.Cbor);

        EventFrameRead first = await events.NextEventAsync();

        Assert.Equal("application/x-amz-cbor-1.1", first.Headers[":content-type"]);
        Assert.Equal(["one"], first.Texts);
    }

    [Theory]
    [InlineData("LATEST")]
    [InlineData("TRIM_HORIZON")]
    public async Task In_silence_there_are_signs_of_life_from_which_a_consumer_can_go_on(string type)
    {
        await using EventReader events = await _server.SubscribeAsync(_server.Request(type));
        EventFrameRead first = await events.NextEventAsync();
        await _server.Clock.BeatAsync();
        EventFrameRead second = await events.NextEventAsync();
        await _server.Clock.BeatAsync();
        EventFrameRead third = await events.NextEventAsync();

        Assert.True(ShardSubscription.HeartbeatInterval <= TimeSpan.FromSeconds(5));
        Assert.All([first, second, third], beat => Assert.Empty(beat.Texts));
        SequenceNumber[] numbers = [.. new[] { first, second, third }.Select(beat => SequenceNumber.Parse(beat.Continuation!))];
        Assert.True(numbers[0] < numbers[1] && numbers[1] < numbers[2]);

        _server.Put("later");
        foreach (string position in new[] { "AFTER_SEQUENCE_NUMBER", "AT_SEQUENCE_NUMBER" })
        {
            string iterator = await _server.Kinesis.IteratorAsync("clicks", position, new { StartingSequenceNumber = third.Continuation });
            Assert.Equal(1, (await _server.Kinesis.CallAsync("GetRecords", new { ShardIterator = iterator })).GetProperty("Records").GetArrayLength());
        }
        _server.Clock.Advance(ActiveSubscriptions.TakeoverAfter);
        await using EventReader again = await _server.SubscribeAsync(_server.Request("AFTER_SEQUENCE_NUMBER", third.Continuation));
        Assert.Equal(["later"], (await again.NextEventAsync()).Texts);
    }

    [Fact]
    public async Task After_five_minutes_the_stream_just_ends()
    {
        await using EventReader events = await _server.SubscribeAsync();
        await events.NextEventAsync();

        _server.Clock.Advance(ShardSubscription.Lifetime);
        EventFrameRead? last = await events.NextAsync();
        while (last?.Kind == "event SubscribeToShardEvent")   // a heartbeat was due at the same moment
            last = await events.NextAsync();

        Assert.Null(last);
    }

    [Fact]
    public async Task The_end_of_a_shard_names_its_children_and_no_place_to_go_on()
    {
        _server.Put("one");
        await using EventReader events = await _server.SubscribeAsync();
        EventFrameRead before = await events.NextEventAsync();
        await _server.Kinesis.CallAsync("SplitShard", new { StreamName = "clicks", ShardToSplit = "shardId-000000000000", NewStartingHashKey = "9" });

        EventFrameRead end = await events.NextEventAsync();

        Assert.False(before.Json.ContainsKey("ChildShards"));
        Assert.Null(end.Continuation);
        JsonArray children = end.Json["ChildShards"]!.AsArray();
        Assert.Equal(["shardId-000000000001", "shardId-000000000002"], children.Select(child => child!["ShardId"]!.GetValue<string>()));
        Assert.Equal(["shardId-000000000000"], children[0]!["ParentShards"]!.AsArray().Select(parent => parent!.GetValue<string>()));
        Assert.Equal("""{"StartingHashKey":"0","EndingHashKey":"8"}""", children[0]!["HashKeyRange"]!.ToJsonString());
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task An_event_holds_at_most_a_mebibyte_and_says_how_far_behind_it_is()
    {
        foreach (int _ in Enumerable.Range(0, 3))
            _server.Stream.Put("key", new byte[700_000]);
        _server.Clock.Advance(TimeSpan.FromSeconds(2));
        await using EventReader events = await _server.SubscribeAsync();

        EventFrameRead[] three = [await events.NextEventAsync(), await events.NextEventAsync(), await events.NextEventAsync()];

        Assert.All(three, one => Assert.Single(one.Texts));
        Assert.Equal([2000, 2000, 0], three.Select(one => one.Json["MillisBehindLatest"]!.GetValue<long>()));
        Assert.Equal(3, three.Select(one => one.Continuation).Distinct().Count());
    }

    [Fact]
    public async Task Within_five_seconds_a_second_call_is_refused_later_it_takes_over()
    {
        await using EventReader first = await _server.SubscribeAsync();
        await first.NextEventAsync();
        const string InUse = "Another active subscription exists for this consumer: 000000000000:clicks:shardId-000000000000:fan";

        _server.Clock.Advance(ActiveSubscriptions.TakeoverAfter - TimeSpan.FromMilliseconds(1));
        Assert.Equal($"ResourceInUseException: {InUse}", await RefusedAsync(_server.Request()));
        _server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await using EventReader second = await _server.SubscribeAsync();
        await second.NextEventAsync();

        EventFrameRead? last = await first.NextAsync();
        while (last?.Kind == "event SubscribeToShardEvent")   // heartbeats of the seconds that have passed
            last = await first.NextAsync();
        Assert.Equal("exception ResourceInUseException", last?.Kind);
        Assert.Equal($$"""{"message":"{{InUse}}"}""", last!.Json.ToJsonString());
        Assert.Null(await first.NextAsync());
        _server.Put("one");
        EventFrameRead next = await second.NextEventAsync();
        Assert.Equal(["one"], next.Texts);
    }

    [Fact]
    public async Task Another_consumer_and_another_shard_do_not_count_as_the_same()
    {
        var other = new StreamConsumer("other", _server.Clock.GetUtcNow());
        _server.Stream.Change(settings => settings with { Consumers = settings.Consumers.Add(other) });

        await using EventReader first = await _server.SubscribeAsync();
        await using EventReader second = await _server.SubscribeAsync(_server.Request(consumer: other.ArnOn(_server.Stream)));

        await first.NextEventAsync();
        await second.NextEventAsync();
    }

    [Fact]
    public async Task What_is_wrong_before_the_stream_is_a_plain_error()
    {
        var creating = new StreamConsumer("slow", _server.Clock.GetUtcNow()) { ActiveFrom = _server.Clock.GetUtcNow().AddSeconds(1) };
        _server.Stream.Change(settings => settings with { Consumers = settings.Consumers.Add(creating) });
        string arn = _server.Stream.Arn;

        Assert.Equal(
            "ResourceNotFoundException: Consumer none, account 000000000000 not found.", await RefusedAsync(_server.Request(consumer: $"{arn}/consumer/none:1767225600")));
        Assert.Equal(
            "ResourceNotFoundException: Consumer fan, account 000000000000 not found.", await RefusedAsync(_server.Request(consumer: $"{arn}/consumer/fan:1767225599")));
        Assert.Equal(
            "ResourceNotFoundException: Stream none under account 000000000000 not found.",
            await RefusedAsync(_server.Request(consumer: "arn:aws:kinesis:us-east-1:000000000000:stream/none/consumer/fan:1767225600")));
        Assert.Equal(
            "ResourceInUseException: Consumer slow with creation timestamp 1767225600 under stream: clicks , account 000000000000 is not in ACTIVE status.",
            await RefusedAsync(_server.Request(consumer: creating.ArnOn(_server.Stream))));
        Assert.Equal(
            "ResourceNotFoundException: Shard shardId-000000000007 in stream clicks under account 000000000000 does not exist",
            await RefusedAsync(_server.Request(shard: "shardId-000000000007")));
        Assert.StartsWith("InvalidArgumentException: Must either specify (1) AT_SEQUENCE_NUMBER", await RefusedAsync(_server.Request("AT_SEQUENCE_NUMBER")), StringComparison.Ordinal);
        Assert.StartsWith("ValidationException: 1 validation error detected: Value 'SOMEWHERE' at 'startingPosition.type'", await RefusedAsync(_server.Request("SOMEWHERE")), StringComparison.Ordinal);
        Assert.StartsWith("ValidationException: 1 validation error detected: Value 'fan' at 'consumerARN'", await RefusedAsync(_server.Request(consumer: "fan")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_stream_is_deleted_the_subscription_ends_with_an_exception()
    {
        await using EventReader events = await _server.SubscribeAsync();
        await events.NextEventAsync();

        _server.Kinesis.Streams.Delete("clicks");

        EventFrameRead? last = await events.NextAsync();
        Assert.Equal("exception ResourceNotFoundException", last?.Kind);
        Assert.Equal("""{"message":"Stream clicks under account 000000000000 not found."}""", last!.Json.ToJsonString());
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task When_the_consumer_is_deregistered_the_subscription_ends_with_an_exception()
    {
        await using EventReader events = await _server.SubscribeAsync();
        await events.NextEventAsync();

        _server.Stream.Change(settings => settings with { Consumers = [] });
        await _server.Clock.BeatAsync();

        Assert.Equal("exception ResourceNotFoundException", (await events.NextAsync())?.Kind);
        Assert.Null(await events.NextAsync());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_subscription_does_not_hold_up_a_stop(string version)
    {
        await using EventReader events = await _server.SubscribeAsync(version: Version.Parse(version));
        await events.NextEventAsync();

        await _server.Kinesis.StopAsync().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Null(await events.NextAsync());
    }

    private Task<string> RefusedAsync(string request)
    {
        HttpRequestMessage message = KinesisServer.Request("SubscribeToShard", request);
        message.Version = HttpVersion.Version20;
        message.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        return _server.Kinesis.RefusedAsync(message);
    }
}
