using System.Buffers;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Aws.Kinesis;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>Reads a shard at a remote endpoint for a consumer with enhanced fan-out: records are pushed through SubscribeToShard.</summary>
/// <remarks>
/// A subscription ends after five minutes, and another one goes on where it ended. There is one per consumer and shard, so what
/// must be read again, in a catch-up pass, is read with GetRecords.
/// </remarks>
/// <param name="stream">The stream.</param>
/// <param name="consumerArn">The consumer.</param>
/// <param name="shardId">The shard.</param>
/// <param name="polling">Reads again.</param>
/// <param name="time">Real time.</param>
/// <param name="isThere">Tells whether the stream is still there.</param>
internal sealed class SubscribedShardReader(
    KinesisStream stream, string consumerArn, string shardId, IShardReader polling, TimeProvider time, Func<CancellationToken, ValueTask<bool>> isThere) : IShardReader
{
    /// <summary>A consumer that gets nothing for so long, not even an empty event, is cut off.</summary>
    /// <remarks>Kinesis sends an empty event at least every five seconds or so.</remarks>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(60);

    private readonly TipQuestion _tip = new(time);
    private ShardSubscription? _subscription;
    private CancellationTokenRegistration _endsWhenIdle;      // between reads nobody else would end the subscription
    private KeptPage _kept;
    private ShardPosition _position;                          // where the machine reads on
    private ShardPosition _continuation;                      // where a new subscription would begin for that
    private bool _hasEnded;

    /// <inheritdoc/>
    /// <exception cref="ReadRefusedException">The endpoint refuses, or cannot be reached.</exception>
    public async ValueTask<ShardReadResult> ReadAsync(ShardDecision.ReadRecords request, CancellationToken stopping)
    {
        if (request.Cursor is ReadCursor.CatchUp)
            return await polling.ReadAsync(request, stopping);
        await _endsWhenIdle.DisposeAsync();
        try
        {
            while (true)
            {
                ShardReadResult read = await ReadPushedAsync(request.From, stopping);
                if (read.Records.IsEmpty && !read.IsEnd)
                    continue;
                _endsWhenIdle = stopping.UnsafeRegister(static reader => ((SubscribedShardReader)reader!).End(), this);
                return read;
            }
        }
        catch (AwsException refused) when (refused.Code == "ResourceNotFoundException")
        {
            End();
            bool streamIsThere = await isThere(stopping);
            throw new ReadRefusedException(streamIsThere ? $"the consumer {consumerArn} or its shard is not there: {refused.Message}" : $"stream '{stream.Name}' was deleted", refused);
        }
        catch (AwsException refused)
        {
            End();
            throw new ReadRefusedException(refused.Message, refused);
        }
        catch (OperationCanceledException)
        {
            End();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool IsAtTip(ShardPosition position) => _tip.Ask(position);

    /// <inheritdoc/>
    public long CountFrom(ShardPosition position) => 0;

    private async Task<ShardReadResult> ReadPushedAsync(ShardPosition from, CancellationToken stopping)
    {
        if (_kept.TryTake(from.BetweenRecords(), out ReadOnlySequence<StreamRecord> kept))
            return new ShardReadResult(kept, _hasEnded);
        if (_position != from || (_subscription is null && !_hasEnded))
            await SubscribeAsync(from, stopping);
        if (_hasEnded)
            return new ShardReadResult(ReadOnlySequence<StreamRecord>.Empty, IsEnd: true);

        if (await _subscription!.NextAsync(stopping) is not { } page)
        {
            End();                                            // its time is over: on with another one
            return new ShardReadResult(ReadOnlySequence<StreamRecord>.Empty, IsEnd: false);
        }
        bool isEnd = page.ContinuationSequenceNumber is null;
        _tip.Read(_tip.Reading(), from, isAtTip: page.Records.IsEmpty && page.MillisBehindLatest == 0 && !isEnd);  // what comes after the question answers it
        _kept.Keep(page.Records);
        _position = page.Last is { } last ? ShardPosition.After(last) : from;
        if (page.ContinuationSequenceNumber is { } number)
            _continuation = ShardPosition.After(SequenceNumber.Parse(number));
        else
            EndShard();
        return new ShardReadResult(page.Records, _hasEnded);
    }

    private async Task SubscribeAsync(ShardPosition from, CancellationToken stopping)
    {
        if (_position != from)
            (_position, _continuation, _hasEnded) = (from, from.BetweenRecords(), false);
        End();
        _subscription = await ShardSubscription.BeginAsync(stream, consumerArn, shardId, _continuation, time, stopping);
    }

    private void EndShard()
    {
        _hasEnded = true;
        End();
    }

    private void End()
    {
        _subscription?.Dispose();
        _subscription = null;
    }
}
