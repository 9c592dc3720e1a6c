namespace LambdaStreamRunner.Host.Producing;

/// <summary>Holds a producer to a rate, in real time.</summary>
internal sealed class Pace(double? perSecond, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>Waits until the next record is due.</summary>
    public async ValueTask WaitAsync(long recordsBefore, CancellationToken cancellation)
    {
        TimeSpan delay = DelayBefore(recordsBefore);
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, time, cancellation);
    }

    private TimeSpan DelayBefore(long recordsBefore) =>
        perSecond is { } rate ? TimeSpan.FromSeconds(recordsBefore / rate) - time.GetElapsedTime(_start) : TimeSpan.Zero;
}
