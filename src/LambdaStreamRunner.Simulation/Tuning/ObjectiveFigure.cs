using System.Collections.Immutable;
using LambdaStreamRunner.Simulation.Figures;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>A figure that an objective can limit: one of <see cref="All"/>.</summary>
public sealed class ObjectiveFigure
{
    /// <summary>Name of the figure of records that are given up or expire.</summary>
    internal const string Discarded = "discarded";

    private readonly Func<SimulationFigures, CostPerMillion, double> _read;

    private ObjectiveFigure(string name, ObjectiveUnit unit, Func<SimulationFigures, CostPerMillion, double> read) => (Name, Unit, _read) = (name, unit, read);

    /// <summary>All of them.</summary>
    public static ImmutableArray<ObjectiveFigure> All { get; } =
    [
        .. OfDistribution("iteratorAge", figures => figures.IteratorAge),
        .. OfDistribution("latency", figures => figures.Latency),
        new("costPerMillion", ObjectiveUnit.Dollars, (_, cost) => cost.Total),
        new("duplicatesPerThousand", ObjectiveUnit.Count, (figures, _) => PerRecord(figures.DuplicateDeliveries, figures) * 1_000),
        new("peakConcurrency", ObjectiveUnit.Count, (figures, _) => figures.Concurrency.Peak),
        new(Discarded, ObjectiveUnit.Count, (figures, _) => figures.Discarded + figures.Expired),
        new("drainTime", ObjectiveUnit.Time, (figures, _) => figures.DrainTime.TotalMilliseconds),
        new("invocationsPerMillion", ObjectiveUnit.Count, (figures, _) => PerRecord(figures.Invocations, figures) * 1_000_000),
    ];

    /// <summary>As objectives write it, such as "iteratorAge.p99".</summary>
    public string Name { get; }

    /// <summary>What its limit is given in.</summary>
    public ObjectiveUnit Unit { get; }

    /// <summary>Its value in a run; times in milliseconds.</summary>
    public double ValueOf(SimulationFigures figures, CostPerMillion cost) => _read(figures, cost);

    private static ObjectiveFigure[] OfDistribution(string name, Func<SimulationFigures, Distribution> of) =>
    [
        new(name + ".p50", ObjectiveUnit.Time, (figures, _) => of(figures).P50),
        new(name + ".p90", ObjectiveUnit.Time, (figures, _) => of(figures).P90),
        new(name + ".p95", ObjectiveUnit.Time, (figures, _) => of(figures).P95),
        new(name + ".p99", ObjectiveUnit.Time, (figures, _) => of(figures).P99),
        new(name + ".max", ObjectiveUnit.Time, (figures, _) => of(figures).Max),
        new(name + ".mean", ObjectiveUnit.Time, (figures, _) => of(figures).Mean),
    ];

    private static double PerRecord(long count, SimulationFigures figures) => figures.Records == 0 ? 0 : (double)count / figures.Records;
}

/// <summary>What the limit of a figure is given in.</summary>
public enum ObjectiveUnit
{
    /// <summary>A number without a unit.</summary>
    Count,

    /// <summary>A time with its unit: ms, s, m or h. Values are milliseconds.</summary>
    Time,

    /// <summary>US dollars, with or without the sign.</summary>
    Dollars,
}
