// Handlers are bound by shape: an interface of this full name is what AWS's is to a handler.
#pragma warning disable IDE0130 // The namespace is a part of the shape.
namespace Amazon.Lambda.Core;
#pragma warning restore IDE0130

/// <summary>What the tests ask of a context.</summary>
public interface ILambdaContext
{
    string AwsRequestId { get; }

    string InvokedFunctionArn { get; }

    string FunctionVersion { get; }

    ILambdaLogger Logger { get; }
}

/// <summary>What the tests ask of a logger.</summary>
public interface ILambdaLogger
{
    void LogLine(string message);

    void LogTrace(string message);

    void LogDebug(string message);
}
