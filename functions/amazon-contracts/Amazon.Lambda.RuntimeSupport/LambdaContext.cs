using System.Globalization;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>An invocation's context: what its headers and the environment's variables say.</summary>
internal sealed class LambdaContext : ILambdaContext
{
    public string AwsRequestId { get; init; }

    public string InvokedFunctionArn { get; init; }

    public string TraceId { get; init; }

    public DateTimeOffset Deadline { get; init; }

    public TimeSpan RemainingTime => Deadline - DateTimeOffset.UtcNow;

    public IClientContext ClientContext => null;

    public ICognitoIdentity Identity => null;

    public string FunctionName => Variable("AWS_LAMBDA_FUNCTION_NAME");

    public string FunctionVersion => Variable("AWS_LAMBDA_FUNCTION_VERSION");

    public int MemoryLimitInMB => int.TryParse(Variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), CultureInfo.InvariantCulture, out int megabytes) ? megabytes : 0;

    public string LogGroupName => Variable("AWS_LAMBDA_LOG_GROUP_NAME");

    public string LogStreamName => Variable("AWS_LAMBDA_LOG_STREAM_NAME");

    public ILambdaLogger Logger => new LambdaConsoleLogger(AwsRequestId);

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name);
}
