using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation;

/// <summary>Runs settings against one traffic, with the decision core that runs in production. Several threads may run at once.</summary>
/// <remarks>Up to two million records lie in memory, shared by all runs with as many shards; larger traffic is read again in each run.</remarks>
public sealed class Simulator
{
    private readonly LayoutCache _layouts;
    private readonly Lazy<KeyCounts> _keys;

    /// <summary>A simulator of a traffic.</summary>
    /// <exception cref="ArgumentException">The traffic is longer than 650 days.</exception>
    public Simulator(StreamTraffic traffic)
    {
        if (traffic.Duration > ArrivalNumbers.LengthMax)
            throw new ArgumentException($"The traffic lasts {traffic.Duration.TotalDays:N0} days, and {ArrivalNumbers.LengthMax.TotalDays:N0} can be simulated: take a part of it, or let it come faster.", nameof(traffic));
        Traffic = traffic;
        _layouts = new LayoutCache(traffic);
        _keys = new Lazy<KeyCounts>(() => KeyCounts.Of(traffic));
    }

    /// <summary>What comes into the stream.</summary>
    public StreamTraffic Traffic { get; }

    /// <summary>Its partition keys; counted when somebody asks first.</summary>
    public KeyCounts Keys => _keys.Value;

    /// <inheritdoc cref="Run(SimulationPlan, Action{double}?, CancellationToken)"/>
    public SimulationFigures Run(SimulationPlan plan, CancellationToken cancellation = default) => Run(plan, progress: null, cancellation);

    /// <summary>Runs one plan to its end: until everything that was put is settled.</summary>
    /// <param name="plan">What is run.</param>
    /// <param name="progress">Hears now and then how much of the traffic has come, 0 to 1.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArgumentException">The plan asks for what cannot be simulated without the records' bytes: filters, tumbling windows.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public SimulationFigures Run(SimulationPlan plan, Action<double>? progress, CancellationToken cancellation)
    {
        if (plan.Setting.Mapping.FilterCriteria.Filters.Length > 0)
            throw new ArgumentException("Filters look into records, and traffic has none: leave FilterCriteria out, and the records that it would filter out of the traffic.", nameof(plan));
        if (plan.Setting.Mapping.TumblingWindow > TimeSpan.Zero)
            throw new ArgumentException("Tumbling windows need the function's own state: leave TumblingWindowInSeconds out.", nameof(plan));
        bool isLaidOut = plan.Reshards.IsEmpty && Traffic.Count <= TrafficLayout.RecordsMax;
        using SimulationRun run = isLaidOut
            ? SimulationRun.Over(_layouts.Of(plan.Setting.Shards), plan, Traffic)
            : SimulationRun.Reading(Traffic, plan);
        return run.RunToEnd(Keys, progress, cancellation);
    }
}
