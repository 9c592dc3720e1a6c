using System.Net;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;
using LambdaStreamRunner.StreamServer.Tests.Protocol.Cbor;

namespace LambdaStreamRunner.StreamServer.Tests.Subscriptions;

/// <summary>A stream with one shard and a consumer, behind HTTP.</summary>
internal sealed class SubscribedServer : IAsyncDisposable
{
    private readonly StreamConsumer _consumer;

    private SubscribedServer(KinesisServer kinesis, HeartbeatClock clock)
    {
        (Kinesis, Clock) = (kinesis, clock);
        _consumer = new StreamConsumer("fan", clock.GetUtcNow());
        Stream = kinesis.Streams.Create("clicks", 1);
        Stream.Change(settings => settings with { Consumers = [_consumer] });
    }

    public KinesisServer Kinesis { get; }

    public HeartbeatClock Clock { get; }

    public EmbeddedStream Stream { get; }

    public string ConsumerArn => _consumer.ArnOn(Stream);

    public static async Task<SubscribedServer> StartAsync()
    {
        var clock = new HeartbeatClock();
        return new SubscribedServer(await KinesisServer.StartAsync(clock: clock), clock);
    }

    public void Put(params string[] texts)
    {
        foreach (string text in texts)
            Stream.Put("key", Encoding.UTF8.GetBytes(text));
    }

    public string Request(string type = "TRIM_HORIZON", string? number = null, string shard = "shardId-000000000000", string? consumer = null) => JsonSerializer.Serialize(new
    {
        ConsumerARN = consumer ?? ConsumerArn,
        ShardId = shard,
        StartingPosition = number is null ? (object)new { Type = type } : new { Type = type, SequenceNumber = number },
    });

    /// <summary>Subscribes and reads the frame that comes first.</summary>
    public async Task<EventReader> SubscribeAsync(string? request = null, PayloadFormat format = PayloadFormat.Json, Version? version = null)
    {
        request ??= Request();
        HttpRequestMessage message = format is PayloadFormat.Cbor
            ? CborText.Request("SubscribeToShard", CborText.FromJson(request))
            : KinesisServer.Request("SubscribeToShard", request);
        message.Version = version ?? HttpVersion.Version20;
        message.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        HttpResponseMessage response = await Kinesis.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/vnd.amazon.eventstream", response.Content.Headers.ContentType!.ToString());
        var reader = new EventReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        EventFrameRead? first = await reader.NextAsync();
        Assert.Equal("event initial-response", first?.Kind);
        Assert.Equal("{}", first!.Json.ToJsonString());
        return reader;
    }

    public ValueTask DisposeAsync() => Kinesis.DisposeAsync();
}
