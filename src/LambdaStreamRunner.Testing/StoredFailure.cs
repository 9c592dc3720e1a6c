namespace LambdaStreamRunner.Testing;

/// <summary>A failure that was written to a file, or the journal of a run; it needs the handler to be run again.</summary>
public sealed class StoredFailure
{
    private readonly Exploring.StoredTest _stored;

    internal StoredFailure(Exploring.StoredTest stored) => _stored = stored;

    /// <inheritdoc cref="StreamTest.For(Delegate)"/>
    public StreamTest For(Delegate handler) => StreamTest.For(handler).Again(_stored);

    /// <inheritdoc cref="StreamTest.For(Func{ExecutionEnvironment, Delegate})"/>
    public StreamTest For(Func<ExecutionEnvironment, Delegate> handlerOf) => StreamTest.For(handlerOf).Again(_stored);
}
