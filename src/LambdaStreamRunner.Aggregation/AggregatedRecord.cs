namespace LambdaStreamRunner.Aggregation;

/// <summary>Opens records that the Kinesis Producer Library (KPL) aggregated: many user records in one Kinesis record.</summary>
/// <remarks>
/// Lambda delivers aggregated records as they are, and counts each as one; a handler opens them with one call:
/// <code>
/// public async Task HandleAsync(KinesisEvent batch)
/// {
///     foreach (KinesisEvent.KinesisEventRecord record in batch.Records)
///         foreach (UserRecord user in AggregatedRecord.Open(record.Kinesis.PartitionKey, record.Kinesis.Data))
///             await HandleAsync(user.PartitionKey, user.Data);
/// }
/// </code>
/// A Kinesis record that is not an aggregated one, or a damaged one, is handed through untouched as its only user record: no
/// content makes these methods throw. A partial batch response names the Kinesis record's sequence number; its user
/// records are delivered again together.
/// </remarks>
public static class AggregatedRecord
{
    /// <summary>The user records of a Kinesis record, in the order in which their producer added them.</summary>
    /// <param name="partitionKey">The Kinesis record's partition key.</param>
    /// <param name="data">The Kinesis record's data; the user records refer to this memory.</param>
    public static IReadOnlyList<UserRecord> Open(string partitionKey, ReadOnlyMemory<byte> data) =>
        AggregateFormat.TryUnwrap(data, out ReadOnlyMemory<byte> message) && AggregateReader.TryRead(message, out List<UserRecord>? records)
            ? records
            : [new UserRecord(partitionKey, null, data, 0, IsAggregated: false)];

    /// <inheritdoc cref="Open(string, ReadOnlyMemory{byte})"/>
    public static IReadOnlyList<UserRecord> Open(string partitionKey, byte[] data) => Open(partitionKey, data.AsMemory());

    /// <inheritdoc cref="Open(string, ReadOnlyMemory{byte})"/>
    /// <param name="partitionKey">The Kinesis record's partition key.</param>
    /// <param name="data">All that the stream holds, wherever its position is; the position stays. This is the type of the data in Amazon's KinesisEvent and in the AWS SDK.</param>
    public static IReadOnlyList<UserRecord> Open(string partitionKey, MemoryStream data) =>
        Open(partitionKey, data.TryGetBuffer(out ArraySegment<byte> buffer) ? buffer : data.ToArray());

    /// <summary>True when <see cref="Open(string, ReadOnlyMemory{byte})"/> finds an aggregated record: its magic, its checksum and its message are right.</summary>
    public static bool IsAggregated(ReadOnlyMemory<byte> data) =>
        AggregateFormat.TryUnwrap(data, out ReadOnlyMemory<byte> message) && AggregateReader.TryRead(message, out _);

    /// <summary>True for data that begins as an aggregated record does: cheap, and enough to pass nearly everything else by.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> data) => data.StartsWith(AggregateFormat.Magic);
}
