namespace LambdaStreamRunner.Simulation.Modelling;

/// <summary>One invocation of a real function, measured.</summary>
/// <param name="Records">Records of its batch, 1 or more.</param>
/// <param name="Concurrency">Invocations that ran at the same time, itself included.</param>
/// <param name="Duration">From its start to its answer; of a cold one with the making of its environment.</param>
/// <param name="Environment">What it ran in.</param>
public readonly record struct HandlerMeasurement(int Records, int Concurrency, TimeSpan Duration, MeasuredEnvironment Environment);

/// <summary>What an invocation ran in.</summary>
public enum MeasuredEnvironment
{
    /// <summary>An environment that had invocations before.</summary>
    Warm,

    /// <summary>A new one: loading and first use are part of the duration.</summary>
    Cold,
}
