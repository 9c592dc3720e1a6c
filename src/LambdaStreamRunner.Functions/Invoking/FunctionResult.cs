using System.Globalization;

namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>How one invocation ended.</summary>
public abstract record FunctionResult
{
    private FunctionResult()
    {
    }

    /// <summary>The handler returned.</summary>
    /// <param name="Answer">What it returned, in the function's own JSON; empty for <c>void</c> and <c>Task</c>.</param>
    public sealed record Succeeded(ReadOnlyMemory<byte> Answer) : FunctionResult;

    /// <summary>The handler, or its serializer, threw.</summary>
    /// <param name="Error">What it threw.</param>
    public sealed record Failed(FunctionError Error) : FunctionResult;

    /// <summary>The deadline passed; whatever the handler still returns is refused.</summary>
    /// <param name="Message">AWS's words: <c>2026-01-31T12:00:03.000Z REQUEST-ID Task timed out after 3.00 seconds</c>.</param>
    public sealed record TimedOut(string Message) : FunctionResult
    {
        /// <summary>A timeout in AWS's words.</summary>
        /// <param name="now">When the deadline passed.</param>
        /// <param name="requestId">Of which invocation.</param>
        /// <param name="timeout">The function's Timeout.</param>
        public static TimedOut At(DateTimeOffset now, string requestId, TimeSpan timeout) => new(string.Create(
            CultureInfo.InvariantCulture,
            $"{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {requestId} Task timed out after {timeout.TotalSeconds:0.00} seconds"));
    }

    /// <summary>The function never ran: no capacity, no permission, or nobody answers. It is no attempt.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Refused(string Reason) : FunctionResult
    {
        /// <summary>True when it had no execution left for it: Lambda's 429, which the metric Throttles counts. false by default.</summary>
        public bool IsThrottle { get; init; }
    }
}
