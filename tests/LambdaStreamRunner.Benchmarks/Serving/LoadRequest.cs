using System.Text;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>A kind of request and what it weighs.</summary>
/// <param name="Action">The action of the Kinesis API.</param>
/// <param name="Records">Records in each request, or in each answer.</param>
/// <param name="DataLength">Bytes of each record.</param>
internal abstract record LoadRequest(string Action, int Records, int DataLength)
{
    /// <summary>Bytes of payload that a request leaves with the server.</summary>
    public virtual long BytesKept => 0;

    /// <summary>Brings the server where these requests can begin.</summary>
    public virtual void Prepare(Uri address)
    {
    }

    /// <summary>Different requests, ready to send, that a connection sends in turn.</summary>
    /// <param name="address">The server.</param>
    /// <param name="connection">The number of the connection.</param>
    public abstract byte[][] ForConnection(Uri address, int connection);

    public override string ToString() => Records == 1 ? $"{Action} {DataLength} B" : $"{Action} {Records:N0} × {DataLength} B";

    /// <summary>A request as it goes over the wire; the signature has the right form only.</summary>
    protected static byte[] ToHttp(Uri address, string action, string json) => Encoding.ASCII.GetBytes(
        $"POST / HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: Kinesis_20131202.{action}\r\n" +
        "X-Amz-Date: 20260101T000000Z\r\n" +
        "Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=00\r\n" +
        $"Content-Length: {json.Length}\r\n\r\n{json}");
}
