namespace LambdaStreamRunner.Testing;

/// <summary>What a handler is made with, once per execution environment, as Lambda constructs it at a cold start.</summary>
/// <param name="time">The test's clock.</param>
/// <param name="effects">Stands for what the handler writes to.</param>
/// <param name="number">0 for the first environment of a schedule, then 1, 2...</param>
public sealed class ExecutionEnvironment(TimeProvider time, Effects effects, int number)
{
    /// <summary>The test's clock. A handler that takes its time from here can be tested over hours in milliseconds.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Stands for the database, queue or service that the handler writes to. Who takes it must make the effect of every record.</summary>
    public Effects Effects
    {
        get
        {
            EffectsTaken?.Invoke();
            return effects;
        }
    }

    /// <summary>0 for the first environment of a schedule, then 1, 2...</summary>
    public int Number { get; } = number;

    /// <summary>Called when a handler takes its effects; to print an environment is not to take them.</summary>
    internal Action? EffectsTaken { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"execution environment {Number}";
}
