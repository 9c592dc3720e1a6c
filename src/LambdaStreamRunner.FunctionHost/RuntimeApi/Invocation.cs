namespace LambdaStreamRunner.FunctionHost.RuntimeApi;

/// <summary>What the Runtime API hands over as the next invocation.</summary>
/// <param name="RequestId">Lambda-Runtime-Aws-Request-Id.</param>
/// <param name="Deadline">Lambda-Runtime-Deadline-Ms.</param>
/// <param name="InvokedFunctionArn">Lambda-Runtime-Invoked-Function-Arn; empty when there is none.</param>
/// <param name="TraceId">Lambda-Runtime-Trace-Id; null when there is none.</param>
/// <param name="Event">The event, valid until the next call of the API.</param>
internal sealed record Invocation(string RequestId, DateTimeOffset Deadline, string InvokedFunctionArn, string? TraceId, ReadOnlyMemory<byte> Event);
