namespace LambdaStreamRunner.Testing;

/// <content>What moves virtual time.</content>
public sealed partial class StreamTest
{
    /// <summary>Lets time move when a handler waits for something that a guard may end: a <see cref="CancellationTokenSource"/> with a delay, WaitAsync with a limit.</summary>
    /// <remarks>
    /// For handlers whose wait nothing else ends, such as one that reads a channel until it has been silent for 500 ms. Without this call a guard rings
    /// only when something else moves time up to it: a handler that does real I/O within a limit would otherwise always reach that limit, since virtual
    /// time passes at once and I/O does not. From outside the two look the same, so that the test must say which it is.
    /// A replay file does not say it: call it again for <see cref="Replay"/>.
    /// </remarks>
    public StreamTest GuardsMoveTime() => With(_scenario with { GuardsMoveTime = true });
}
