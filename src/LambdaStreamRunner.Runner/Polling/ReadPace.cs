namespace LambdaStreamRunner.Runner.Polling;

/// <summary>Lets one call after the other through, so that a shard's limit of five reads a second holds.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html"/>. All pollers of a shard share its limit: others may still make a call fail.</remarks>
internal sealed class ReadPace(TimeProvider time)
{
    /// <summary>Shortest time from one call to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private DateTimeOffset _next;

    /// <summary>Waits for the turn of a call.</summary>
    public Task NextAsync(CancellationToken stopping)
    {
        DateTimeOffset now = time.GetUtcNow();
        TimeSpan wait;
        lock (_gate)
        {
            DateTimeOffset turn = _next > now ? _next : now;
            _next = turn + Interval;
            wait = turn - now;
        }
        return wait > TimeSpan.Zero ? Task.Delay(wait, time, stopping) : Task.CompletedTask;
    }
}
