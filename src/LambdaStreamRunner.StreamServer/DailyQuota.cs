namespace LambdaStreamRunner.StreamServer;

/// <summary>So many changes of a kind in any 24 hours, as AWS allows a stream with limits (Kinesis reference 2.1). Lives as long as the process.</summary>
/// <param name="action">What is counted, as AWS names it.</param>
/// <param name="changesMax">How many.</param>
internal sealed class DailyQuota(string action, int changesMax)
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(24);

    private readonly Queue<DateTimeOffset> _taken = new(changesMax);

    /// <summary>Counts a change. One caller at a time.</summary>
    /// <exception cref="KinesisException">There were as many already.</exception>
    public void Take(EmbeddedStream stream, DateTimeOffset now)
    {
        while (_taken.TryPeek(out DateTimeOffset oldest) && now - oldest >= Period)
            _taken.Dequeue();
        if (_taken.Count == changesMax)
            throw KinesisException.LimitExceeded(
                $"{action} is limited to {changesMax} calls in 24 hours for a stream. Stream {stream.Name} under account {stream.Account} has used them up.");
        _taken.Enqueue(now);
    }
}

/// <summary>The changes of one stream that AWS counts by the day.</summary>
internal sealed class DailyQuotas
{
    /// <summary>UpdateShardCount.</summary>
    public DailyQuota ShardCount { get; } = new("UpdateShardCount", 10);

    /// <summary>Switches of UpdateStreamMode.</summary>
    public DailyQuota Mode { get; } = new("UpdateStreamMode", 2);

    /// <summary>StartStreamEncryption and StopStreamEncryption.</summary>
    public DailyQuota Encryption { get; } = new("StartStreamEncryption or StopStreamEncryption", 25);
}
