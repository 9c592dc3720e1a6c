namespace Amazon.Lambda.Core;

/// <summary>What a handler can learn about its invocation.</summary>
public interface ILambdaContext
{
    /// <summary>The same for every attempt at the identical batch.</summary>
    string AwsRequestId { get; }

    /// <summary>Null unless a mobile application invokes.</summary>
    IClientContext ClientContext { get; }

    string FunctionName { get; }

    string FunctionVersion { get; }

    /// <summary>Null unless a mobile application invokes.</summary>
    ICognitoIdentity Identity { get; }

    string InvokedFunctionArn { get; }

    ILambdaLogger Logger { get; }

    string LogGroupName { get; }

    string LogStreamName { get; }

    int MemoryLimitInMB { get; }

    /// <summary>Time until the function is cut off.</summary>
    TimeSpan RemainingTime { get; }

    string TenantId => string.Empty;

    string TraceId => string.Empty;

    ILambdaSerializer Serializer => null;
}
