using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Faults;

/// <summary>One call on a stream with faults. What is to go wrong is decided before anything is done, so that nothing is done by half.</summary>
internal sealed class RehearsedCall
{
    private readonly StreamFaults _faults;
    private readonly RehearsedFaults.Tally _tally;
    private readonly TimeProvider _realTime;
    private readonly CancellationToken _stopping;
    private readonly double _chance;
    private readonly TimeSpan _latency;
    private FaultDice _dice;

    public RehearsedCall(StreamFaults faults, FaultDice dice, RehearsedFaults.Tally tally, TimeProvider realTime, CancellationToken stopping)
    {
        (_faults, _tally, _realTime, _stopping) = (faults, tally, realTime, stopping);
        _chance = dice.Next();
        _latency = faults.LatencyMin + ((faults.LatencyMax - faults.LatencyMin) * dice.Next());
        _dice = dice;
    }

    /// <summary>The error of a PutRecord; null when it may go on.</summary>
    public KinesisException? RefusalOfPut(EmbeddedStream stream, in PutEntry entry) =>
        Error() ?? (IsThrottled ? Throttled(stream.ClientLimits.RateExceeded(stream.ShardOf(entry))) : null);

    /// <summary>The error of a GetShardIterator; null when it may go on.</summary>
    public KinesisException? RefusalOfIterator(EmbeddedStream stream, Shard shard) =>
        Error() ?? (IsThrottled ? Throttled(stream.ClientLimits.RateExceeded(shard)) : null);

    /// <summary>The error of a GetRecords, whose iterator may have expired besides; null when it may go on.</summary>
    public KinesisException? RefusalOfRead(EmbeddedStream stream, Shard shard, long now)
    {
        double others = _faults.ErrorRate + _faults.ThrottleRate;
        return _chance >= others && _chance < others + _faults.ExpiredIteratorRate
            ? Counted(ref _tally.ExpiredIterators, ShardIterator.ExpiredBy(now))
            : RefusalOfIterator(stream, shard);
    }

    /// <summary>The error of a SubscribeToShard, in its own words; null when it may go on.</summary>
    public KinesisException? RefusalOfSubscription(EmbeddedStream stream) => Error() ?? (IsThrottled
        ? Throttled(KinesisException.LimitExceeded($"Rate exceeded for stream {stream.Name} under account {stream.Account}."))
        : null);

    /// <summary>The error of a PutRecords as a whole: throttling happens to its records, as AWS does it.</summary>
    public KinesisException? RefusalOfPutRecords() => Error();

    /// <summary>Fails some records of a PutRecords; only the others may be put.</summary>
    public void FailSome(Span<PutEntry> entries, EmbeddedStream stream)
    {
        foreach (ref PutEntry entry in entries)
        {
            double chance = _dice.Next();
            if (chance < _faults.ErrorRate)
                entry.Fail(Counted(ref _tally.FailedRecords, KinesisException.InternalFailure()));
            else if (chance < _faults.ErrorRate + _faults.ThrottleRate)
                entry.Fail(Counted(ref _tally.ThrottledRecords, stream.ClientLimits.RateExceeded(stream.ShardOf(entry))));
        }
    }

    /// <summary>The answer, error or not, when its time has come.</summary>
    /// <param name="answer">What would be answered at once.</param>
    public async Task LateAsync(Task answer)
    {
        if (_latency > TimeSpan.Zero)
        {
            Interlocked.Increment(ref _tally.LateAnswers);
            await Task.Delay(_latency, _realTime, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await answer;
    }

    /// <summary>The error, when its time has come.</summary>
    public Task LateAsync(KinesisException refusal) => LateAsync(Task.FromException(refusal));

    private bool IsThrottled => _chance < _faults.ErrorRate + _faults.ThrottleRate;

    private KinesisException? Error() =>
        _chance < _faults.ErrorRate ? Counted(ref _tally.FailedCalls, KinesisException.InternalFailure()) : null;

    private KinesisException Throttled(KinesisException error) => Counted(ref _tally.ThrottledCalls, error);

    private static KinesisException Counted(ref long count, KinesisException error)
    {
        Interlocked.Increment(ref count);
        return error;
    }
}
