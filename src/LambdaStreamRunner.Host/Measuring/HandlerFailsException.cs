namespace LambdaStreamRunner.Host.Measuring;

/// <summary>The function fails at everything that it is given: there is nothing to measure. The message is for people.</summary>
internal sealed class HandlerFailsException(string message) : Exception(message);
