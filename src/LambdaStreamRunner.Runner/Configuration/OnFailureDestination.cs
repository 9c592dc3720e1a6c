using System.Text.RegularExpressions;

namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>Where a mapping sends the batches that it gives up.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html"/>.</remarks>
public abstract partial record OnFailureDestination
{
    private OnFailureDestination()
    {
    }

    /// <summary>A file that gets one document per line.</summary>
    /// <param name="Path">Absolute.</param>
    public sealed record File(string Path) : OnFailureDestination
    {
        /// <inheritdoc/>
        public override string ToString() => Path;
    }

    /// <summary>An SQS queue: the document is the body of a message.</summary>
    public sealed record Queue(string Arn, ServiceEndpoint Endpoint) : Remote(Arn, Endpoint);

    /// <summary>An SNS topic: the document is the message.</summary>
    public sealed record Topic(string Arn, ServiceEndpoint Endpoint) : Remote(Arn, Endpoint);

    /// <summary>An S3 bucket: each document is an object of its own, and holds the event besides.</summary>
    public sealed record Bucket(string Arn, ServiceEndpoint Endpoint) : Remote(Arn, Endpoint);

    /// <summary>A destination that the data folder knows, while nothing says any more where its service is: the mapping waits.</summary>
    /// <param name="Arn">As the mapping names it.</param>
    /// <param name="Complaint">What to do.</param>
    internal sealed record Unresolved(string Arn, string Complaint) : OnFailureDestination
    {
        public override string ToString() => Arn;
    }

    /// <summary>What is outside of this process.</summary>
    /// <param name="Arn">As the mapping names it.</param>
    /// <param name="Endpoint">Where it is reached.</param>
    public abstract record Remote(string Arn, ServiceEndpoint Endpoint) : OnFailureDestination
    {
        private string[] Parts => Arn.Split(':');

        /// <summary>The region; empty for a bucket, whose ARN has none.</summary>
        public string Region => Parts[3];

        /// <summary>The account; empty for a bucket.</summary>
        public string AccountId => Parts[4];

        /// <summary>The name without what comes before it.</summary>
        public string Name => Parts[5];

        /// <summary>True for a FIFO queue or topic, to which no mapping can deliver.</summary>
        public bool IsFifo => Name.EndsWith(".fifo", StringComparison.Ordinal);

        /// <inheritdoc/>
        public sealed override string ToString() => Arn;
    }

    /// <summary>The destination that an ARN names, or null and what is wrong with it.</summary>
    /// <param name="arn">What was written.</param>
    /// <param name="endpoints">The services that may be contacted.</param>
    /// <param name="complaint">The rest of the sentence "is "arn", …": what is wrong and what to do.</param>
    public static Remote? TryParse(string arn, ServiceEndpoints endpoints, out string? complaint)
    {
        GroupCollection found = Arns().Match(arn).Groups;
        if (found["queue"].Success)
            return Resolve("sqs", endpoints.Sqs, endpoint => new Queue(arn, endpoint), out complaint);
        if (found["topic"].Success)
            return Resolve("sns", endpoints.Sns, endpoint => new Topic(arn, endpoint), out complaint);
        if (found["bucket"].Success)
            return Resolve("s3", endpoints.S3, endpoint => new Bucket(arn, endpoint), out complaint);
        complaint = arn.Split(':') is [_, _, "sqs" or "sns" or "s3", ..]
            ? "which is no such ARN: AWS takes arn:aws:sqs:REGION:ACCOUNT:QUEUE, arn:aws:sns:REGION:ACCOUNT:TOPIC or arn:aws:s3:::BUCKET. Correct it"
            : "which is no destination of a stream's mapping: AWS takes an SQS queue, an SNS topic or an S3 bucket. Name one of these";
        return null;
    }

    private static Remote? Resolve(string service, ServiceEndpoint? endpoint, Func<ServiceEndpoint, Remote> make, out string? complaint)
    {
        complaint = endpoint is null
            ? $"and nothing is sent to AWS unasked. Say where it is with \"Endpoints\": {{ \"{service}\": \"http://127.0.0.1:4566\" }}, or \"aws\", at the top of the file"
            : null;
        return endpoint is null ? null : make(endpoint);
    }

    [GeneratedRegex("""
        ^arn:aws[a-z-]*:(?:
          (?<queue>sqs:[a-z0-9-]+:[0-9]{12}:(?:[a-zA-Z0-9_-]{1,80}|[a-zA-Z0-9_-]{1,75}\.fifo)) |
          (?<topic>sns:[a-z0-9-]+:[0-9]{12}:(?:[a-zA-Z0-9_-]{1,256}|[a-zA-Z0-9_-]{1,251}\.fifo)) |
          (?<bucket>s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])
        )\z
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Arns();
}
