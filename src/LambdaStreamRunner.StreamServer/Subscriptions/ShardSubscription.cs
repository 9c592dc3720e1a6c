using System.Buffers;
using System.IO.Pipelines;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Subscriptions;

/// <summary>Pushes the records of one shard to one consumer until five minutes are over, or the shard is (Kinesis reference 7.2).</summary>
/// <remarks>Nothing is read ahead: the next event is made when the client has taken the one before.</remarks>
internal sealed class ShardSubscription
{
    /// <summary>How long a subscription lasts; then the client subscribes again.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>How long nothing is sent at most. AWS sends something about every 5 s; a little sooner is never too late.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(4);

    /// <summary>Records of one event, in bytes of keys and data; one record that is larger goes alone.</summary>
    public const int EventBytesMax = 1024 * 1024;

    private readonly EmbeddedStream _stream;
    private readonly StreamConsumer _consumer;
    private readonly ShardReader _reader;
    private readonly EmbeddedStreams _streams;
    private readonly ActiveSubscriptions.Slot _slot;
    private ShardPosition _position;

    private ShardSubscription(
        EmbeddedStreams streams, EmbeddedStream stream, StreamConsumer consumer, Shard shard, ShardPosition from, ActiveSubscriptions.Slot slot)
    {
        (_streams, _stream, _consumer, _slot) = (streams, stream, consumer, slot);
        _reader = new ShardReader(shard);
        _position = shard.Resolve(from);
    }

    /// <summary>Takes the place of the consumer's subscription to the shard; nothing is sent yet.</summary>
    /// <exception cref="KinesisException">There is one that has begun just now.</exception>
    public static ShardSubscription Begin(EmbeddedStreams streams, EmbeddedStream stream, StreamConsumer consumer, Shard shard, ShardPosition from)
    {
        ActiveSubscriptions.Slot slot = streams.Subscriptions.Begin(consumer.ArnOn(stream), shard.Id, () => InUse(stream, consumer, shard));
        return new ShardSubscription(streams, stream, consumer, shard, from, slot);
    }

    /// <summary>Sends events until the subscription ends, by whatever ends it.</summary>
    /// <param name="output">The body of the answer; written to as fast as it is read.</param>
    /// <param name="format">What payloads are written in.</param>
    /// <param name="gone">Fires when the client has gone or the server stops.</param>
    public async Task SendAsync(PipeWriter output, PayloadFormat format, CancellationToken gone)
    {
        var events = new EventStreamWriter(output, format);
        using var lifetime = new CancellationTokenSource(Lifetime, _streams.RealTime);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(gone, lifetime.Token, _slot.TakenOver);
        try
        {
            events.WriteInitialResponse();
            while (!await SendNextAsync(output, events, ended.Token))
                await WaitForNewsAsync(ended.Token);
        }
        catch (OperationCanceledException) when (_slot.TakenOver.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            events.WriteException(InUse(_stream, _consumer, _reader.Shard));
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return;                                           // the end that everybody expects
        }
        catch (KinesisException error)
        {
            events.WriteException(error);
        }
        finally
        {
            _slot.Dispose();
        }
        await output.FlushAsync(gone);
    }

    /// <summary>Sends what is there, perhaps nothing; true when that was the end of the shard.</summary>
    private async Task<bool> SendNextAsync(PipeWriter output, EventStreamWriter events, CancellationToken ended)
    {
        CheckConsumer();
        ShardPosition newest = _reader.Shard.Resolve(ShardPosition.Latest);
        DateTimeOffset now = _streams.Time.GetUtcNow();
        ShardRead read = EventPage.Take(_stream.Read(_reader, _position, ShardReader.RecordsMax), EventBytesMax, now);
        // When nothing is left, what was there before the read has been passed, wherever this began.
        _position = read.Records.IsEmpty ? Later(_position, newest) : read.Next;
        using (var json = new PooledWriter())
        {
            RecordsWriter.WriteEvent(
                json, read, _stream.Settings.Encrypted, read.EndOfShard ? null : ContinuationAfter(read, now), read.EndOfShard ? _stream.ChildrenOf(_reader.Shard) : []);
            events.WriteEvent(json.Written);
        }
        FlushResult flushed = await output.FlushAsync(ended);
        return read.EndOfShard || flushed.IsCompleted;
    }

    private async Task WaitForNewsAsync(CancellationToken ended)
    {
        using var heartbeat = new CancellationTokenSource(HeartbeatInterval, _streams.RealTime);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended, heartbeat.Token);
        try
        {
            await _stream.WaitForRecordsAsync(_reader, _position, either.Token);
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            // Silence: time for a sign of life.
        }
    }

    /// <summary>The place to go on after; without records it advances with the clock, as AWS's does.</summary>
    private SequenceNumber ContinuationAfter(ShardRead read, DateTimeOffset now)
    {
        SequenceNumber passed = _position.SequenceNumber;
        return read.Records.IsEmpty && passed.IsVersion2
            ? SequenceNumber.Create(passed.ShardCreatedSeconds, passed.ShardIndex, passed.Index, Math.Max(passed.RecordSeconds, now.ToUnixTimeSeconds()))
            : passed;
    }

    private static ShardPosition Later(ShardPosition position, ShardPosition newest) =>
        position.Type is ShardIteratorType.AfterSequenceNumber or ShardIteratorType.AtSequenceNumber && position.SequenceNumber > newest.SequenceNumber
            ? position
            : newest;

    private void CheckConsumer()
    {
        if (!_stream.Settings.Consumers.Any(consumer => consumer.Name == _consumer.Name && consumer.Created == _consumer.Created))
            throw KinesisException.ConsumerNotFound(_consumer.Name, _stream.Account);
    }

    private static KinesisException InUse(EmbeddedStream stream, StreamConsumer consumer, Shard shard) => new(
        "ResourceInUseException", $"Another active subscription exists for this consumer: {stream.Account}:{stream.Name}:{shard.Id}:{consumer.Name}");
}
