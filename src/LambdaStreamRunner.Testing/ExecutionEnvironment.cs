namespace LambdaStreamRunner.Testing;

/// <summary>What a handler is made with, once per execution environment, as Lambda constructs it at a cold start.</summary>
/// <param name="Time">The test's clock. A handler that takes its time from here can be tested over hours in milliseconds.</param>
/// <param name="Effects">Stands for the database, queue or service that the handler writes to. Who takes it must make the effect of every record.</param>
/// <param name="Number">0 for the first environment of a schedule, then 1, 2...</param>
public sealed record ExecutionEnvironment(TimeProvider Time, Effects Effects, int Number)
{
    private readonly Effects _effects = Effects;

    /// <inheritdoc cref="ExecutionEnvironment(TimeProvider, Effects, int)" path="/param[@name='Effects']"/>
    public Effects Effects
    {
        get
        {
            EffectsTaken?.Invoke();
            return _effects;
        }
        init => _effects = value;
    }

    /// <summary>Called when a handler takes its effects.</summary>
    internal Action? EffectsTaken { get; init; }
}
