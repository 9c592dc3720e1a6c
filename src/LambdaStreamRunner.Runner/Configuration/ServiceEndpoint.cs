namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>Where a service of AWS is reached: AWS itself, or a compatible server.</summary>
/// <param name="Url">The server; null for AWS, whose endpoint follows from the region of what is addressed.</param>
public sealed record ServiceEndpoint(Uri? Url)
{
    /// <summary>The word for AWS itself.</summary>
    public const string AwsWord = "aws";

    /// <summary>AWS itself.</summary>
    public static ServiceEndpoint Aws { get; } = new((Uri?)null);

    /// <summary>The endpoint that a text names; null when it is neither "aws" nor an http or https URL without credentials.</summary>
    public static ServiceEndpoint? TryParse(string written)
    {
        if (written.Equals(AwsWord, StringComparison.OrdinalIgnoreCase))
            return Aws;
        bool isUrl = Uri.TryCreate(written, UriKind.Absolute, out Uri? url)
            && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0;
        return isUrl ? new ServiceEndpoint(url) : null;
    }

    /// <summary>For people: "AWS", or the URL.</summary>
    public override string ToString() => Url?.AbsoluteUri.TrimEnd('/') ?? "AWS";
}

/// <summary>The endpoints that the file names. An ARN never reaches AWS by itself: a service that is not named is not contacted.</summary>
public sealed record ServiceEndpoints
{
    /// <summary>Queues. None by default.</summary>
    public ServiceEndpoint? Sqs { get; init; }

    /// <summary>Topics. None by default.</summary>
    public ServiceEndpoint? Sns { get; init; }

    /// <summary>Buckets. None by default.</summary>
    public ServiceEndpoint? S3 { get; init; }
}
