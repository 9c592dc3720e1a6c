using Amazon;

namespace LambdaStreamRunner.Runner.Aws;

/// <summary>Where a service is called, and what a signature for it must name.</summary>
/// <param name="Service">The name that requests are signed for: kinesis, sns, sqs, s3.</param>
/// <param name="Region">The region that requests are signed for.</param>
/// <param name="Address">Where requests go.</param>
internal sealed record AwsEndpoint(string Service, string Region, Uri Address)
{
    /// <summary>How a configuration says that AWS itself is meant.</summary>
    public const string AwsWord = "aws";

    private static readonly string[] AmazonDomains = [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"];

    /// <summary>True for AWS itself, also when its address was written out: credentials must be real ones then.</summary>
    public bool IsAws => Array.Exists(AmazonDomains, domain => Address.Host.EndsWith(domain, StringComparison.OrdinalIgnoreCase));

    /// <summary>The endpoint that a configuration names.</summary>
    /// <param name="service">The service.</param>
    /// <param name="region">The region.</param>
    /// <param name="written">"aws", or an http or https address.</param>
    public static AwsEndpoint Of(string service, string region, string written) =>
        new(service, region, written.Equals(AwsWord, StringComparison.OrdinalIgnoreCase) ? AddressOf(service, region) : new Uri(written));

    /// <summary>True for "aws" and for http and https addresses.</summary>
    public static bool IsValid(string written) =>
        written.Equals(AwsWord, StringComparison.OrdinalIgnoreCase)
        || (Uri.TryCreate(written, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0);

    /// <inheritdoc/>
    public override string ToString() => IsAws ? $"{Address.Host} (AWS)" : Address.ToString();

    private static Uri AddressOf(string service, string region) =>
        new($"https://{service}.{region}.{RegionEndpoint.GetBySystemName(region).PartitionDnsSuffix}");
}
