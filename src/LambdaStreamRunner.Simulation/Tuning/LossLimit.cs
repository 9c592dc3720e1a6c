namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>How many records a setting may lose to be worth choosing: about as many as the one that loses fewest.</summary>
/// <remarks>A setting that gives up at once is cheap and fast. Who wants that limits "discarded" in the objective; nobody else is offered it.</remarks>
internal static class LossLimit
{
    /// <summary>Shares of lost records that are called the same.</summary>
    private const double ShareTolerance = 0.1;

    /// <summary>Lost records per 1,000 that are called none.</summary>
    private const double PerThousandTolerance = 0.1;

    /// <summary>Most lost records per 1,000 of a setting to choose among these; infinite where none of them is stable.</summary>
    public static double Of(IEnumerable<TunedPoint> points) =>
        points.Where(point => point.Figures.IsStable).Select(point => point.LostPerThousand.Mean).DefaultIfEmpty(double.PositiveInfinity).Min() * (1 + ShareTolerance) + PerThousandTolerance;

    /// <summary>The same among those that meet an objective. Infinite when the objective says itself how many may be lost.</summary>
    public static double Of(IEnumerable<TunedPoint> points, ServiceLevelObjective objective) =>
        objective.LimitsLoss ? double.PositiveInfinity : Of(points.Where(objective.IsMetBy));

    /// <summary>True when a setting loses no more.</summary>
    public static bool Allows(double limit, TunedPoint point) => point.LostPerThousand.Mean <= limit;
}
