using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Simulation.Modelling;

/// <summary>From a record's arrival until a poller can have it, besides waiting for the poll.</summary>
/// <remarks>
/// A profile of AWS, fitted to what was measured there (<see cref="StreamTiming"/>): with GetRecords about 140 ms, with enhanced
/// fan-out about 49 ms, and now and then much longer. Records that arrive within a tenth of a second share one delay, as
/// they share a request.
/// </remarks>
internal sealed class PropagationDelay(StreamTiming timing, PollingMode polling, long seed)
{
    private const long BucketTicks = TimeSpan.TicksPerSecond / 10;

    private readonly Draws _draws = new(seed, purpose: 1);
    private (int Shard, long Bucket, long Ticks) _last = (-1, 0, 0);

    /// <summary>In ticks.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="arrivalTicks">Since the beginning of the traffic.</param>
    public long Of(int shard, long arrivalTicks)
    {
        if (timing is StreamTiming.Ideal)
            return 0;
        long bucket = arrivalTicks / BucketTicks;
        if (_last.Shard != shard || _last.Bucket != bucket)
            _last = (shard, bucket, Draw((ulong)bucket, (ulong)shard));
        return _last.Ticks;
    }

    private long Draw(ulong bucket, ulong shard)
    {
        bool isSlow = _draws.Uniform(bucket, (8 * shard) + 5) < SlowShare;
        double slowness = isSlow ? _draws.Uniform(bucket, (8 * shard) + 6) : 0;
        double milliseconds = polling is PollingMode.Push
            ? Math.Max(5, 48.5 + (15 * _draws.Normal(bucket, 4 * shard))) + (slowness * 120)
            : (140 * Math.Exp(0.05 * _draws.Normal(bucket, 4 * shard))) + (slowness * 1_500);
        return (long)(milliseconds * TimeSpan.TicksPerMillisecond);
    }

    private const double SlowShare = 0.025;
}
