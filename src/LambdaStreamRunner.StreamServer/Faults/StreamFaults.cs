namespace LambdaStreamRunner.StreamServer.Faults;

/// <summary>How calls of clients go wrong on a stream, so that producers and consumers can be rehearsed.</summary>
/// <remarks>
/// AWS has no names for this. It happens to PutRecord, PutRecords, GetRecords, GetShardIterator and SubscribeToShard, after
/// the request was found right; never to what the runner itself puts and polls, as limits do not.
/// </remarks>
public sealed record StreamFaults
{
    /// <summary>The most that <see cref="LatencyMax"/> can be: what clients have given up by then.</summary>
    public static readonly TimeSpan LatencyLimit = TimeSpan.FromMinutes(1);

    /// <summary>Share of calls that are refused with ProvisionedThroughputExceededException; of PutRecords, the share of records.</summary>
    /// <value>0 (the default) to 1. SubscribeToShard is refused with LimitExceededException, which is its own.</value>
    public double ThrottleRate { get; init; }

    /// <summary>Share of calls that are answered with status 500 and InternalFailure; of PutRecords, also the share of records that fail so.</summary>
    /// <value>0 (the default) to 1.</value>
    public double ErrorRate { get; init; }

    /// <summary>Share of GetRecords calls that are told that their iterator has expired.</summary>
    /// <value>0 (the default) to 1.</value>
    public double ExpiredIteratorRate { get; init; }

    /// <summary>How late answers are at least, in real time, whatever the speed of the run; what they tell has happened before.</summary>
    /// <value>0 (the default) to <see cref="LatencyMax"/>.</value>
    public TimeSpan LatencyMin { get; init; }

    /// <summary>How late answers are at most; each one gets a time between the two.</summary>
    /// <value>0 (the default) to one minute.</value>
    public TimeSpan LatencyMax { get; init; }

    /// <summary>Makes a run repeatable: the n-th call on the stream has the same fate with the same seed.</summary>
    /// <value>null (the default) for another one with every start; it is logged.</value>
    public int? Seed { get; init; }

    /// <summary>True when nothing ever goes wrong.</summary>
    public bool IsNone => ThrottleRate <= 0 && ErrorRate <= 0 && ExpiredIteratorRate <= 0 && LatencyMax <= TimeSpan.Zero;

    /// <summary>Settings that are out of range: their name, and what is wrong and allowed.</summary>
    public IEnumerable<(string Name, string Text)> Mistakes()
    {
        foreach ((string name, double rate) in new[]
                 {
                     (nameof(ThrottleRate), ThrottleRate), (nameof(ErrorRate), ErrorRate), (nameof(ExpiredIteratorRate), ExpiredIteratorRate),
                 })
        {
            if (rate is not (>= 0 and <= 1))
                yield return (name, FormattableString.Invariant($"is {rate}; it is a share, 0 to 1."));
        }
        if (ThrottleRate + ErrorRate + ExpiredIteratorRate > 1)
            yield return (nameof(ThrottleRate), "makes more than 1 with ErrorRate and ExpiredIteratorRate; a call fails in one way. Lower one of them.");
        if (LatencyMin < TimeSpan.Zero || LatencyMin > LatencyMax || LatencyMax > LatencyLimit)
            yield return (nameof(LatencyMax), FormattableString.Invariant(
                $"is {LatencyMax.TotalMilliseconds} ms with a LatencyMin of {LatencyMin.TotalMilliseconds} ms; 0 <= LatencyMin <= LatencyMax <= {LatencyLimit.TotalMilliseconds} ms."));
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"ThrottleRate {ThrottleRate}, ErrorRate {ErrorRate}, ExpiredIteratorRate {ExpiredIteratorRate}, latency {LatencyMin.TotalMilliseconds} to {LatencyMax.TotalMilliseconds} ms");
}
