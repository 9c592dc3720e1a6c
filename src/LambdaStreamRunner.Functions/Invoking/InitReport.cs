using System.Globalization;

namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>How the start of an execution environment went.</summary>
/// <remarks>
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"/>, "Failures during the Init phase", and
/// <see href="https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html"/>, "platform.initReport".
/// </remarks>
public sealed record InitReport
{
    /// <summary>Whose environment it is.</summary>
    public required string FunctionName { get; init; }

    /// <summary>The log stream of the environment; it names the environment.</summary>
    public required string LogStreamName { get; init; }

    /// <summary>From the start of the process until it was ready, or had failed.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How it failed: <see cref="InvocationReport.StatusOf"/>; null when the environment is ready.</summary>
    public string? Status { get; init; }

    /// <summary>Type of the error that it failed with, such as Runtime.ExitError; null when there is none.</summary>
    public string? ErrorType { get; init; }

    /// <summary>True when it was a part of an invocation, after a first try that took too long.</summary>
    public bool IsWithinInvocation { get; init; }

    /// <summary><c>init</c>, or <c>invoke</c> when it was a part of an invocation.</summary>
    public string Phase => IsWithinInvocation ? "invoke" : "init";

    /// <summary>A sentence about an environment that is ready; otherwise the line as Lambda writes it, with tabs between its parts.</summary>
    public override string ToString()
    {
        if (Status is null)
            return string.Create(CultureInfo.InvariantCulture, $"environment {LogStreamName} is ready after {Duration.TotalMilliseconds:0} ms.");
        string error = ErrorType is null ? "" : $"\tError Type: {ErrorType}";
        return string.Create(CultureInfo.InvariantCulture, $"INIT_REPORT Init Duration: {Duration.TotalMilliseconds:0.00} ms\tPhase: {Phase}\tStatus: {Status}{error}");
    }
}
