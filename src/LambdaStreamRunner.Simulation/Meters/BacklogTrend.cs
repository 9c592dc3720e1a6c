namespace LambdaStreamRunner.Simulation.Meters;

/// <summary>Whether a backlog grew until the end of the traffic, which tells a setting that does not keep up from one that is busy for a while.</summary>
internal sealed class BacklogTrend
{
    /// <summary>When to look, as parts of the traffic.</summary>
    public static readonly double[] Parts = [0.5, 0.75, 1];

    private const double GrowthMin = 1.15;                    // from one look to the next; a constant excess gives 1.5 and 1.33
    private const double DrainShareMin = 0.1;                 // of the length of the traffic

    private static readonly TimeSpan DrainMin = TimeSpan.FromSeconds(5);

    private readonly List<long> _backlogs = [];

    /// <summary>Takes the backlog of a look.</summary>
    public void Add(long backlog) => _backlogs.Add(backlog);

    /// <summary>True when it was higher at each look, and took long to be worked off when nothing more came.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="end">When everything was done, in ticks.</param>
    /// <param name="lastArrival">When the last record came, in ticks.</param>
    public bool IsGrowing(SimulationPlan plan, long end, long lastArrival)
    {
        if (_backlogs.Count < Parts.Length || _backlogs[0] == 0)
            return false;
        TimeSpan drain = new(end - lastArrival);
        TimeSpan share = (new TimeSpan(lastArrival) - plan.From) * DrainShareMin;
        bool drainsLong = drain > plan.Setting.Mapping.MaximumBatchingWindow + (share > DrainMin ? share : DrainMin);
        return drainsLong && _backlogs[1] > GrowthMin * _backlogs[0] && _backlogs[2] > GrowthMin * _backlogs[1];
    }
}
