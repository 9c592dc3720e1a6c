namespace LambdaStreamRunner.Runner.Destinations;

/// <summary>Knows when an endpoint has been silent so often that nobody need wait for it: then one delivery in 30 s is let through, to try.</summary>
internal sealed class SilenceBreaker(TimeProvider time)
{
    /// <summary>Deliveries without an answer, one after the other, that open it.</summary>
    public const int SilencesMax = 8;

    /// <summary>How long nobody is let through.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private int _silences;
    private long _since;

    /// <summary>True for a delivery that may go. When the pause is over, one may, and the next pause begins.</summary>
    public bool LetsThrough()
    {
        lock (_gate)
        {
            if (_silences < SilencesMax)
                return true;
            if (time.GetElapsedTime(_since) < Pause)
                return false;
            _since = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>The endpoint has answered, whatever it was.</summary>
    public void Answered()
    {
        lock (_gate)
            _silences = 0;
    }

    /// <summary>A delivery had no answer in its time.</summary>
    public void WasSilent()
    {
        lock (_gate)
        {
            _silences++;
            _since = time.GetTimestamp();
        }
    }
}
