namespace LambdaStreamRunner.Host.Replaying;

/// <summary>Which part of the time-lines is shown; the checker always judges the whole.</summary>
/// <param name="ShardId">Only this shard; null: all.</param>
/// <param name="Key">Only this partition key; null: all.</param>
/// <param name="From">From so long after the first step; null: from the beginning.</param>
/// <param name="To">To so long after the first step; null: to the end.</param>
internal sealed record ReplayView(string? ShardId, string? Key, TimeSpan? From, TimeSpan? To)
{
    /// <summary>True when somebody asked for a part.</summary>
    public bool IsPart => ShardId is not null || Key is not null || From is not null || To is not null;
}
