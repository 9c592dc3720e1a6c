namespace LambdaStreamRunner.Host.Terminal;

/// <summary>The rate of a count that only grows, over the last few looks at it.</summary>
internal sealed class RateMeter
{
    private const int LooksMax = 10;

    private readonly Queue<(long Timestamp, long Count)> _looks = new();

    /// <summary>Takes a look.</summary>
    /// <returns>Counts per second since the oldest look that is remembered; 0 at the first.</returns>
    public double Look(TimeProvider time, long count)
    {
        long now = time.GetTimestamp();
        _looks.Enqueue((now, count));
        if (_looks.Count > LooksMax)
            _looks.Dequeue();

        (long then, long before) = _looks.Peek();
        double seconds = time.GetElapsedTime(then, now).TotalSeconds;
        return seconds > 0 ? Math.Max(0, count - before) / seconds : 0;
    }
}
