namespace LambdaStreamRunner.Aggregation;

/// <summary>What to put: one Kinesis record that carries several user records.</summary>
/// <param name="PartitionKey">For the Kinesis record: that of its first user record.</param>
/// <param name="ExplicitHashKey">For the Kinesis record: that of its first user record; null when it has none.</param>
/// <param name="Data">The Kinesis record's data.</param>
/// <param name="UserRecordCount">User records in it, at least 1.</param>
public sealed record AggregatedBlob(string PartitionKey, string? ExplicitHashKey, ReadOnlyMemory<byte> Data, int UserRecordCount);
