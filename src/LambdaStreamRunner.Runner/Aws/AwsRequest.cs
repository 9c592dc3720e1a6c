using System.Collections.Immutable;
using System.Net.Http.Headers;

namespace LambdaStreamRunner.Runner.Aws;

/// <summary>A request before it is signed; it may be sent several times.</summary>
/// <param name="Method">GET, POST, PUT.</param>
/// <param name="Path">Path below the endpoint, beginning with a slash and not escaped.</param>
internal sealed record AwsRequest(string Method, string Path = "/")
{
    /// <summary>Parameters of the query, not escaped.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Headers besides Host, X-Amz-Date and those of the signature; Content-Type is one of them.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body; empty by default.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>A call of a service that speaks JSON 1.1, as Kinesis does.</summary>
    /// <param name="target">As Kinesis_20131202.GetRecords.</param>
    /// <param name="body">The JSON document.</param>
    public static AwsRequest Json(string target, byte[] body) => new("POST")
    {
        Headers = [new("Content-Type", "application/x-amz-json-1.1"), new("X-Amz-Target", target)],
        Body = body,
    };

    /// <summary>A call of a service that speaks the query protocol, as SNS does.</summary>
    /// <param name="form">The parameters, not escaped; Action and Version are among them.</param>
    public static AwsRequest Form(IEnumerable<KeyValuePair<string, string>> form) => new("POST")
    {
        Headers = [new("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
        Body = System.Text.Encoding.UTF8.GetBytes(string.Join('&', form.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"))),
    };
}

/// <summary>An answer.</summary>
/// <param name="Status">200 to 299 when it is a good one.</param>
/// <param name="Body">The whole body.</param>
/// <param name="RequestId">The id that AWS gave the request; null when it gave none.</param>
internal sealed record AwsAnswer(int Status, byte[] Body, string? RequestId)
{
    /// <summary>Its headers, but those of the body; null when nobody kept them.</summary>
    public HttpResponseHeaders? Headers { get; init; }
}

/// <summary>What is waited for.</summary>
/// <param name="Patience">Longest time of one call, from its signature to the end of its answer.</param>
/// <param name="BytesMax">Largest body.</param>
internal sealed record AnswerLimits(TimeSpan Patience, int BytesMax)
{
    /// <summary>Those of calls that say nothing else.</summary>
    public static AnswerLimits Usual { get; } = new(AwsClient.AnswerTimeout, AwsClient.AnswerBytesMax);
}
