using System.Collections.Immutable;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>Limits that a setting must keep, all of them, such as "iteratorAge.p99 &lt; 2s and costPerMillion &lt; $0.5".</summary>
/// <param name="Limits">One or more.</param>
public sealed record ServiceLevelObjective(ImmutableArray<ObjectiveLimit> Limits)
{
    /// <summary>Reads an objective: limits joined by "and" or commas.</summary>
    /// <exception cref="FormatException">It is none; the message says what is wrong and what is allowed.</exception>
    public static ServiceLevelObjective Parse(string text) => ObjectiveParser.Parse(text);

    /// <summary>True when it says how many records may be lost.</summary>
    internal bool LimitsLoss => Limits.Any(limit => limit.Figure.Name == ObjectiveFigure.Discarded);

    /// <summary>The objective as it can be read again.</summary>
    public override string ToString() => string.Join(" and ", Limits);

    /// <summary>How the setting does, limit by limit, by the upper bound of the confidence interval.</summary>
    /// <exception cref="ArgumentException">The point was not measured for this objective.</exception>
    public ImmutableArray<ObjectiveReading> Read(TunedPoint point) =>
        [.. Limits.Select(limit => new ObjectiveReading(limit, point.Objectives.TryGetValue(limit.Figure.Name, out Estimate estimate)
            ? estimate
            : throw new ArgumentException($"{limit.Figure.Name} was not measured.", nameof(point))))];

    /// <summary>True when the setting keeps every limit with its upper bound, and is stable.</summary>
    public bool IsMetBy(TunedPoint point) => point.Figures.IsStable && Read(point).All(reading => reading.IsMet);

    /// <summary>How far a setting is from keeping all limits: by how much its upper bounds pass them, as shares of the limits, summed. 0 when it keeps them; infinite when it is unstable.</summary>
    public double DistanceOf(TunedPoint point) => point.Figures.IsStable ? Read(point).Sum(reading => reading.Excess) : double.PositiveInfinity;
}

/// <summary>One limit of an objective.</summary>
/// <param name="Figure">What is limited.</param>
/// <param name="Comparison">Whether the limit itself is allowed.</param>
/// <param name="Value">The limit, 0 or more; times in milliseconds.</param>
public sealed record ObjectiveLimit(ObjectiveFigure Figure, ObjectiveComparison Comparison, double Value)
{
    /// <summary>The limit with its unit.</summary>
    public string Limit => FormattableString.Invariant(Figure.Unit switch
    {
        ObjectiveUnit.Time when Value >= 1_000 => $"{Value / 1_000:0.######}s",
        ObjectiveUnit.Time => $"{Value:0.######}ms",
        ObjectiveUnit.Dollars => $"${Value:0.##########}",
        _ => $"{Value:0.##########}",
    });

    /// <summary>True when a value keeps the limit.</summary>
    public bool Allows(double value) => Comparison is ObjectiveComparison.Below ? value < Value : value <= Value;

    /// <inheritdoc/>
    public override string ToString() => $"{Figure.Name} {(Comparison is ObjectiveComparison.Below ? "<" : "<=")} {Limit}";
}

/// <summary>How a limit is meant.</summary>
public enum ObjectiveComparison
{
    /// <summary>&lt;: the figure stays below it.</summary>
    Below,

    /// <summary>&lt;=: it may reach it.</summary>
    AtMost,
}

/// <summary>A limit beside what was predicted.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Predicted">The figure; times in milliseconds.</param>
public readonly record struct ObjectiveReading(ObjectiveLimit Limit, Estimate Predicted)
{
    /// <summary>True when the upper bound keeps the limit.</summary>
    public bool IsMet => Limit.Allows(Predicted.High);

    /// <summary>By how much the upper bound passes the limit, as a share of the limit; the bound itself where the limit is 0; 0 when it is kept.</summary>
    public double Excess => IsMet ? 0 : Limit.Value == 0 ? Math.Max(Predicted.High, double.Epsilon) : Math.Max((Predicted.High / Limit.Value) - 1, double.Epsilon);
}
