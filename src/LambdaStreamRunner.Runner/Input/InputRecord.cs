namespace LambdaStreamRunner.Runner.Input;

/// <summary>A line that became a record to put, or the reason why it did not.</summary>
/// <param name="LineNumber">From 1.</param>
/// <param name="PartitionKey">The key, or why there is no record.</param>
/// <param name="Data">The payload, until the next record is read.</param>
public readonly record struct InputRecord(long LineNumber, PartitionKey PartitionKey, ReadOnlyMemory<byte> Data)
{
    /// <summary>For people: "line 7 is not JSON"; null for a record.</summary>
    public string? Complaint => PartitionKey.IsFound ? null : $"line {LineNumber} {PartitionKey.Reason}";
}
