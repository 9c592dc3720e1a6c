namespace LambdaStreamRunner.Core.Mappings;

/// <summary>How an attempt at a batch ended.</summary>
public abstract record BatchOutcome
{
    private BatchOutcome()
    {
    }

    /// <summary>All records are done.</summary>
    public sealed record Succeeded : BatchOutcome
    {
        /// <summary>The only one needed without tumbling windows.</summary>
        public static Succeeded Instance { get; } = new();

        /// <summary>The state of the tumbling window that the function returned: a JSON object; null without windows.</summary>
        public ReadOnlyMemory<byte>? State { get; init; }
    }

    /// <summary>The function answered and reported failures: the records before the lowest one are done.</summary>
    /// <param name="LowestFailedIndex">Position in the batch; 0 is a failure of the whole batch that is no function error.</param>
    public sealed record PartlyFailed(int LowestFailedIndex) : BatchOutcome
    {
        /// <summary>What is wrong with the answer itself, for people; null when it names records of the batch.</summary>
        public string? Problem { get; init; }

        /// <inheritdoc cref="Succeeded.State"/>
        public ReadOnlyMemory<byte>? State { get; init; }
    }

    /// <summary>A function error: it threw, timed out, or died. AWS calls all of them Unhandled.</summary>
    /// <param name="Error">What went wrong, for people.</param>
    public sealed record Failed(string Error) : BatchOutcome;

    /// <summary>The function never ran: no capacity, or it could not be reached. No attempt is spent.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Throttled(string Reason) : BatchOutcome;
}
