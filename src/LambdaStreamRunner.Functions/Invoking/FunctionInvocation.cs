namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>What the caller decides about one attempt.</summary>
/// <param name="RequestId">AwsRequestId: the same for every attempt at identical records.</param>
/// <param name="InvokedFunctionArn">The mapping's FunctionArn, alias included.</param>
public readonly record struct FunctionInvocation(Guid RequestId, string InvokedFunctionArn)
{
    /// <summary>Receives the report of this invocation, beside the listener of all; nobody by default.</summary>
    public Action<InvocationReport>? Report { get; init; }
}
