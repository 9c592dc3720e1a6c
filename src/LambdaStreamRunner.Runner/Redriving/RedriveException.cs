namespace LambdaStreamRunner.Runner.Redriving;

/// <summary>What shall be redriven is no discarded batch of this configuration; the message says why and what to do. Nothing was sent.</summary>
#pragma warning disable CA1032 // Always made with its message.
public sealed class RedriveException(string message) : Exception(message);
#pragma warning restore CA1032
