namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>The port cannot be opened: it is taken, not allowed, or on an address that this machine does not have.</summary>
/// <param name="message">Why.</param>
/// <param name="refusal">What was thrown.</param>
#pragma warning disable CA1032 // Always made with the refusal.
public sealed class ListenerException(string message, Exception refusal) : Exception(message, refusal);
#pragma warning restore CA1032
