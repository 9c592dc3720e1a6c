using System.Globalization;

namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>What Lambda reports of every invocation: the line that begins with REPORT.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html"/>, "Using Lambda advanced logging controls".</remarks>
public sealed record InvocationReport
{
    /// <summary>Whose invocation it was.</summary>
    public required string FunctionName { get; init; }

    /// <summary>AwsRequestId.</summary>
    public required string RequestId { get; init; }

    /// <summary>The log stream of the environment; it names the environment.</summary>
    public required string LogStreamName { get; init; }

    /// <summary>From handing the event over to the answer or the end.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>MemorySize in MB.</summary>
    public required int MemorySize { get; init; }

    /// <summary>Most memory that the environment has used so far, in MB; null where it cannot be told.</summary>
    public int? MaxMemoryUsed { get; init; }

    /// <summary>Time to start the environment; null unless this was a cold start.</summary>
    public TimeSpan? InitDuration { get; init; }

    /// <summary>How it ended when not well: <see cref="StatusOf"/>; null when the function answered.</summary>
    public string? Status { get; init; }

    /// <summary>Duration, and that of the init, in whole milliseconds, rounded up.</summary>
    public long BilledMilliseconds => (long)Math.Ceiling((Duration + (InitDuration ?? TimeSpan.Zero)).TotalMilliseconds);

    /// <summary><c>timeout</c> or <c>error</c>; null when the function answered.</summary>
    public static string? StatusOf(FunctionResult result) => result switch
    {
        FunctionResult.Succeeded => null,
        FunctionResult.TimedOut => "timeout",
        _ => "error",
    };

    /// <summary>The line as Lambda writes it, with tabs between its parts.</summary>
    public override string ToString()
    {
        string memory = MaxMemoryUsed is { } used ? string.Create(CultureInfo.InvariantCulture, $"\tMax Memory Used: {used} MB") : "";
        string init = InitDuration is { } took ? string.Create(CultureInfo.InvariantCulture, $"\tInit Duration: {took.TotalMilliseconds:0.00} ms") : "";
        string status = Status is null ? "" : $"\tStatus: {Status}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"REPORT RequestId: {RequestId}\tDuration: {Duration.TotalMilliseconds:0.00} ms\tBilled Duration: {BilledMilliseconds} ms\tMemory Size: {MemorySize} MB{memory}{init}{status}");
    }
}
