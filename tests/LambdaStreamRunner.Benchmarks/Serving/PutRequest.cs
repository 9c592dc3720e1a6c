namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>PutRecord or PutRecords.</summary>
/// <inheritdoc/>
internal sealed record PutRequest(int Records, int DataLength) : LoadRequest(Records == 1 ? "PutRecord" : "PutRecords", Records, DataLength)
{
    /// <summary>Most records of one PutRecords.</summary>
    public const int RecordsMax = 500;

    private const int Keys = 1_000;
    private const int Bodies = 16;

    public override long BytesKept => (long)Records * DataLength;

    public override byte[][] ForConnection(Uri address, int connection) =>
        [.. Enumerable.Range(0, Bodies).Select(seed => ToHttp(address, Action, Json(new Random(seed))))];

    public override string ToString() => base.ToString();

    private string Json(Random random)
    {
        string[] records = [.. Enumerable.Range(0, Records).Select(_ => Record(random))];
        return Action is "PutRecord"
            ? $$"""{"StreamName":"{{ServedEndpoint.Stream}}",{{records[0]}}}"""
            : $$"""{"StreamName":"{{ServedEndpoint.Stream}}","Records":[{{string.Join(',', records.Select(record => $"{{{record}}}"))}}]}""";
    }

    private string Record(Random random)
    {
        byte[] data = new byte[DataLength];
        random.NextBytes(data);
        return $"\"Data\":\"{Convert.ToBase64String(data)}\",\"PartitionKey\":\"key-{random.Next(Keys)}\"";
    }
}
