using LambdaStreamRunner.Core.Mappings.Windows;

namespace LambdaStreamRunner.Core.Mappings.Batching;

/// <summary>Records of a lane's batch that are tried together; attempts and request id belong to exactly this list.</summary>
/// <param name="Start">Position of the first record in the lane's batch.</param>
/// <param name="Count">Number of records.</param>
internal record struct WorkItem(int Start, int Count)
{
    /// <summary>Invocations of this list that failed.</summary>
    public int Attempts { get; set; }

    /// <summary>Unsuccessful tries in a row, throttled ones included: they set the back-off.</summary>
    public int Tries { get; set; }

    /// <summary>The id of this list; null until the first try.</summary>
    public Guid? RequestId { get; set; }

    /// <summary>Earliest time of the next try.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>Why the batch was closed, until its first try.</summary>
    public FlushReason? ClosedBy { get; set; }

    /// <summary>True until its first try for what was gathered, also without first records that were given up before that.</summary>
    public bool IsNewlyGathered { get; set; }

    /// <summary>Set on the item that ends a tumbling window: it has no records.</summary>
    public WindowEnding Ending { get; init; }

    /// <summary>True while there is something to invoke the function for.</summary>
    public readonly bool HasWork => Count > 0 || Ending is not WindowEnding.None;

    /// <summary>The final invocation of a tumbling window.</summary>
    public static WorkItem EndOfWindow(WindowEnding ending) => new(0, 0) { Ending = ending };

    /// <summary>The list without its first records: a new item, since only the identical list is a retry (open question Q24).</summary>
    public readonly WorkItem Without(int first) => new(Start + first, Count - first) { IsNewlyGathered = IsNewlyGathered };

    /// <summary>The first ⌊n/2⌋ records and the rest (open question Q5), each a new item.</summary>
    public readonly (WorkItem Left, WorkItem Right) Halves()
    {
        int left = Count / 2;
        return (new WorkItem(Start, left), new WorkItem(Start + left, Count - left));
    }
}
