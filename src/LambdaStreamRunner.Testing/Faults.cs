namespace LambdaStreamRunner.Testing;

/// <summary>What goes wrong in a test, and how often: <c>Faults.HandlerLatency(5, 2_000).RunnerCrash(times: 1)</c>.</summary>
/// <remarks>Each strikes when the schedule chooses so, and the seed decides that. Faults end a minute after the last record was put.</remarks>
public static class Faults
{
    /// <summary>Nothing goes wrong.</summary>
    public static FaultPlan None { get; } = new();

    /// <inheritdoc cref="FaultPlan.HandlerLatency"/>
    public static FaultPlan HandlerLatency(int minMilliseconds, int maxMilliseconds) => None.HandlerLatency(minMilliseconds, maxMilliseconds);

    /// <inheritdoc cref="FaultPlan.HandlerThrows"/>
    public static FaultPlan HandlerThrows(double rate) => None.HandlerThrows(rate);

    /// <inheritdoc cref="FaultPlan.HandlerTimesOut"/>
    public static FaultPlan HandlerTimesOut(double rate) => None.HandlerTimesOut(rate);

    /// <inheritdoc cref="FaultPlan.Throttles"/>
    public static FaultPlan Throttles(double rate) => None.Throttles(rate);

    /// <inheritdoc cref="FaultPlan.FalseReports"/>
    public static FaultPlan FalseReports(double rate) => None.FalseReports(rate);

    /// <inheritdoc cref="FaultPlan.EffectLatency"/>
    public static FaultPlan EffectLatency(int maxMilliseconds) => None.EffectLatency(maxMilliseconds);

    /// <inheritdoc cref="FaultPlan.EffectFails"/>
    public static FaultPlan EffectFails(double rate) => None.EffectFails(rate);

    /// <inheritdoc cref="FaultPlan.RunnerCrash"/>
    public static FaultPlan RunnerCrash(int times = 1) => None.RunnerCrash(times);

    /// <inheritdoc cref="FaultPlan.Reshard"/>
    public static FaultPlan Reshard(int times = 1) => None.Reshard(times);

    /// <inheritdoc cref="FaultPlan.ClockJump"/>
    public static FaultPlan ClockJump(int times = 1) => None.ClockJump(times);

    /// <inheritdoc cref="FaultPlan.ReadThrottling"/>
    public static FaultPlan ReadThrottling(double rate) => None.ReadThrottling(rate);

    /// <inheritdoc cref="FaultPlan.ExpiredIterators"/>
    public static FaultPlan ExpiredIterators(double rate) => None.ExpiredIterators(rate);

    /// <inheritdoc cref="FaultPlan.ProducerRepeats"/>
    public static FaultPlan ProducerRepeats(double rate) => None.ProducerRepeats(rate);

    /// <inheritdoc cref="FaultPlan.CheckpointLatency"/>
    public static FaultPlan CheckpointLatency(int maxMilliseconds) => None.CheckpointLatency(maxMilliseconds);

    /// <inheritdoc cref="FaultPlan.DestinationLatency"/>
    public static FaultPlan DestinationLatency(int maxMilliseconds) => None.DestinationLatency(maxMilliseconds);

    /// <inheritdoc cref="FaultPlan.DestinationRefuses"/>
    public static FaultPlan DestinationRefuses(double rate) => None.DestinationRefuses(rate);
}
