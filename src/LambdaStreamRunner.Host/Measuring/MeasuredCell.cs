using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>A batch size at a concurrency, with what was measured of it.</summary>
internal sealed class MeasuredCell(int records, int concurrency, TimeSpan budget)
{
    /// <summary>Invocations below which nothing is known well enough.</summary>
    private const int KnownFrom = 20;

    /// <summary>Invocations after which more would tell nothing.</summary>
    private const int Enough = 2_000;

    /// <summary>Uncertainty of the median, as a share, at which it is known well enough.</summary>
    private const double KnownAt = 0.005;

    private readonly List<TimeSpan> _durations = [];

    public int Records => records;

    public int Concurrency => concurrency;

    /// <summary>Time that it may take in all.</summary>
    public TimeSpan Budget => budget;

    /// <summary>Time that it took.</summary>
    public TimeSpan Spent { get; set; }

    /// <summary>Invocations that failed, or ran out of time.</summary>
    public int Failed { get; set; }

    public int Count => _durations.Count;

    public void Add(TimeSpan duration) => _durations.Add(duration);

    public IEnumerable<HandlerMeasurement> Measurements() =>
        _durations.Select(duration => new HandlerMeasurement(records, concurrency, duration, MeasuredEnvironment.Warm));

    /// <summary>True when its median would hardly change any more.</summary>
    public bool IsKnown()
    {
        if (_durations.Count < KnownFrom)
            return false;
        if (_durations.Count >= Enough)
            return true;
        TimeSpan[] ascending = [.. _durations.Order()];
        double quartiles = (ascending[ascending.Length * 3 / 4] - ascending[ascending.Length / 4]).Ticks;
        double deviationOfMedian = 1.2533 * quartiles / 1.349 / Math.Sqrt(ascending.Length);
        return deviationOfMedian <= KnownAt * ascending[ascending.Length / 2].Ticks;
    }
}
