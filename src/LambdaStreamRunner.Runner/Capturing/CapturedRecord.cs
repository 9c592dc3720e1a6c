namespace LambdaStreamRunner.Runner.Capturing;

/// <summary>A record of a stream without its data.</summary>
/// <param name="Arrival">ApproximateArrivalTimestamp, which Kinesis keeps in milliseconds.</param>
/// <param name="Key">The partition key in UTF-8.</param>
/// <param name="KeyHash">Its MD5.</param>
/// <param name="DataLength">Bytes of the data.</param>
public readonly record struct CapturedRecord(DateTimeOffset Arrival, ReadOnlyMemory<byte> Key, UInt128 KeyHash, int DataLength);
