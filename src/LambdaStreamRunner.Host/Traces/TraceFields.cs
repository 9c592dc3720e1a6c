namespace LambdaStreamRunner.Host.Traces;

/// <summary>The values of one line as they are written there; what is absent is empty.</summary>
internal ref struct TraceFields
{
    public ReadOnlySpan<byte> TimeMs;
    public ReadOnlySpan<byte> PartitionKey;
    public ReadOnlySpan<byte> KeyHash;
    public ReadOnlySpan<byte> Bytes;
    public ReadOnlySpan<byte> ExplicitHashKey;
    public ReadOnlySpan<byte> KeyBytes;

    /// <summary>Names of fields, as both formats write them.</summary>
    public const string TimeMsName = "timeMs";
    public const string PartitionKeyName = "partitionKey";
    public const string KeyHashName = "keyHash";
    public const string BytesName = "bytes";
    public const string ExplicitHashKeyName = "explicitHashKey";
    public const string KeyBytesName = "keyBytes";
}
