namespace LambdaStreamRunner.Aggregation;

/// <summary>A record as its producer put it, whether it travelled alone or inside an aggregated record.</summary>
/// <param name="PartitionKey">Its own partition key, which may differ from that of the Kinesis record it came in.</param>
/// <param name="ExplicitHashKey">The hash key its producer asked for, in decimal digits; null (the usual case) when it asked for none.</param>
/// <param name="Data">Its payload: a part of the Kinesis record's memory, not a copy.</param>
/// <param name="SubSequenceNumber">Its place in the Kinesis record, from 0. The sequence number is that of the Kinesis record.</param>
/// <param name="IsAggregated">True when it came in an aggregated record; false when it is the Kinesis record itself.</param>
public readonly record struct UserRecord(
    string PartitionKey, string? ExplicitHashKey, ReadOnlyMemory<byte> Data, int SubSequenceNumber, bool IsAggregated);
