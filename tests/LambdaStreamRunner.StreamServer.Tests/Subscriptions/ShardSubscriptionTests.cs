using System.IO.Pipelines;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Protocol;
using LambdaStreamRunner.StreamServer.Subscriptions;

namespace LambdaStreamRunner.StreamServer.Tests.Subscriptions;

/// <summary>A subscription without a network.</summary>
public class ShardSubscriptionTests
{
    [Fact]
    public async Task Who_does_not_read_holds_the_events_back()
    {
        var clock = new HeartbeatClock();
        var streams = new EmbeddedStreams(new EmbeddedStreamsOptions(), clock, clock);
        EmbeddedStream stream = streams.Create("clicks", 1);
        var consumer = new StreamConsumer("fan", clock.GetUtcNow());
        stream.Change(settings => settings with { Consumers = [consumer] });
        foreach (int _ in Enumerable.Range(0, 100))
            stream.Put("key", new byte[500_000]);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        using var gone = new CancellationTokenSource();

        ShardSubscription subscription = ShardSubscription.Begin(streams, stream, consumer, stream.Records.Shards[0], ShardPosition.TrimHorizon);
        Task sending = subscription.SendAsync(pipe.Writer, PayloadFormat.Json, gone.Token);
        ReadResult read = await pipe.Reader.ReadAsync(TestContext.Current.CancellationToken);

        Assert.InRange(read.Buffer.Length, 1_000_000, 3_000_000);
        Assert.False(sending.IsCompleted);
        await gone.CancelAsync();
        await sending;
    }
}
