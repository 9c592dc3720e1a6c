using System.Text;
using System.Text.Json;
using Amazon.Runtime.EventStreams;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Polling;

namespace LambdaStreamRunner.Runner.Aws.Kinesis;

/// <summary>One subscription to a shard: pages of records, pushed until its time is over.</summary>
internal sealed class ShardSubscription : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly EventFrames _frames;
    private readonly TimeProvider _time;

    private ShardSubscription(HttpResponseMessage response, Stream body, TimeProvider time) =>
        (_response, _frames, _time) = (response, new EventFrames(body), time);

    /// <summary>Subscribes.</summary>
    /// <exception cref="AwsException">The endpoint refuses, or cannot be reached.</exception>
    public static async Task<ShardSubscription> BeginAsync(
        KinesisStream stream, string consumerArn, string shardId, ShardPosition position, TimeProvider time, CancellationToken stopping)
    {
        HttpResponseMessage response = await stream.SubscribeAsync(consumerArn, shardId, position, stopping);
        return new ShardSubscription(response, await response.Content.ReadAsStreamAsync(stopping), time);
    }

    /// <summary>The next page, perhaps an empty one; null when the subscription has ended.</summary>
    /// <exception cref="AwsException">The endpoint ends it with an error, breaks off, is silent, or sends what cannot be read.</exception>
    public async Task<RecordPage?> NextAsync(CancellationToken stopping)
    {
        using var silence = new CancellationTokenSource(SubscribedShardReader.SilenceMax, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, silence.Token);
        try
        {
            while (await _frames.NextAsync(either.Token) is { } frame)
            {
                if (PageOf(frame) is { } page)
                    return page;
            }
            return null;
        }
        catch (OperationCanceledException silent) when (!stopping.IsCancellationRequested)
        {
            throw new AwsException(AwsException.Unreachable, $"the subscription was silent for {SubscribedShardReader.SilenceMax.TotalSeconds:0} s", 0, silent);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            throw new AwsException(AwsException.Unreachable, $"the subscription broke off: {broken.Message}", 0, broken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _response.Dispose();

    private static RecordPage? PageOf(IEventStreamMessage frame) => Header(frame, ":message-type") switch
    {
        "event" => Header(frame, ":event-type") == "SubscribeToShardEvent" ? RecordPageReader.Read(frame.Payload) : null,
        "exception" => throw new AwsException(AwsErrors.ShortCode(Header(frame, ":exception-type") ?? "UnknownError"), MessageOf(frame.Payload), 400),
        _ => throw new AwsException(Header(frame, ":error-code") ?? "UnknownError", Header(frame, ":error-message") ?? "", 500),
    };

    private static string? Header(IEventStreamMessage frame, string name) =>
        frame.Headers.TryGetValue(name, out IEventStreamHeader? header) && header.HeaderType is EventStreamHeaderType.String ? header.AsString() : null;

    private static string MessageOf(byte[] payload)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            return json.RootElement.TryGetProperty("message", out JsonElement message) ? message.GetString() ?? "" : "";
        }
        catch (Exception strange) when (strange is JsonException or InvalidOperationException)
        {
            return Encoding.UTF8.GetString(payload);
        }
    }
}
