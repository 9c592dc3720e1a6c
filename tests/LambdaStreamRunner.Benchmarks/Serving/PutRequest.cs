using System.Text;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>A kind of request and what it weighs.</summary>
/// <param name="Action">PutRecord or PutRecords.</param>
/// <param name="Records">Records in each.</param>
/// <param name="DataLength">Bytes of each record.</param>
internal sealed record PutRequest(string Action, int Records, int DataLength)
{
    /// <summary>Most records of one PutRecords.</summary>
    public const int RecordsMax = 500;

    private const int Keys = 1_000;

    /// <summary>Bytes of all payloads.</summary>
    public long Bytes => (long)Records * DataLength;

    /// <summary>The whole request, ready to send.</summary>
    public byte[] ToBytes(Uri address, int seed)
    {
        string json = Json(new Random(seed));
        return Encoding.ASCII.GetBytes(
            $"POST / HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: Kinesis_20131202.{Action}\r\n" +
            "X-Amz-Date: 20260101T000000Z\r\n" +
            "Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=00\r\n" +
            $"Content-Length: {json.Length}\r\n\r\n{json}");
    }

    public override string ToString() => Records == 1 ? $"{Action} {DataLength} B" : $"{Action} {Records} × {DataLength} B";

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
