using Amazon.Runtime;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Invoking.Remote;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Aws;

/// <summary>https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html: its examples, to the digit; and one that botocore 1.43 has signed.</summary>
public class RequestSignerTests
{
    private static readonly AwsEndpoint Bucket = AwsEndpoint.Of("s3", "us-east-1", "https://examplebucket.s3.amazonaws.com");

    private static RequestSigner Signer(AwsEndpoint endpoint, AWSCredentials? credentials = null) => new(
        endpoint,
        credentials ?? new BasicAWSCredentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        new FakeTimeProvider(new DateTimeOffset(2013, 5, 24, 0, 0, 0, TimeSpan.Zero)));

    [Fact]
    public async Task A_GET_with_a_range_has_the_signature_that_AWS_documents()
    {
        using HttpRequestMessage message = await Signer(Bucket).SignAsync(new AwsRequest("GET", "/test.txt") { Headers = [new("Range", "bytes=0-9")] });

        Assert.Equal("https://examplebucket.s3.amazonaws.com/test.txt", message.RequestUri!.AbsoluteUri);
        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
            + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
            Authorization(message));
    }

    [Fact]
    public async Task A_PUT_of_an_object_whose_name_must_be_escaped_has_the_signature_that_AWS_documents()
    {
        using HttpRequestMessage message = await Signer(Bucket).SignAsync(new AwsRequest("PUT", "/test$file.text")
        {
            Headers = [new("Date", "Fri, 24 May 2013 00:00:00 GMT"), new("x-amz-storage-class", "REDUCED_REDUNDANCY")],
            Body = "Welcome to Amazon S3."u8.ToArray(),
        });

        Assert.Equal("https://examplebucket.s3.amazonaws.com/test%24file.text", message.RequestUri!.AbsoluteUri);
        Assert.EndsWith("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd", Authorization(message), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_GET_with_a_query_has_the_signature_that_AWS_documents()
    {
        using HttpRequestMessage message = await Signer(Bucket).SignAsync(new AwsRequest("GET") { Query = [new("max-keys", "2"), new("prefix", "J")] });

        Assert.Equal("?max-keys=2&prefix=J", message.RequestUri!.Query);
        Assert.EndsWith("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7", Authorization(message), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Temporary_credentials_bring_their_token_and_the_signature_covers_it()
    {
        var credentials = new SessionAWSCredentials("ASIA", "secret", "the token");

        using HttpRequestMessage message = await Signer(AwsEndpoint.Of("kinesis", "eu-west-1", "aws"), credentials).SignAsync(AwsRequest.Json("Kinesis_20131202.ListShards", "{}"u8.ToArray()));

        Assert.Equal("https://kinesis.eu-west-1.amazonaws.com/", message.RequestUri!.AbsoluteUri);
        Assert.Equal(["the token"], message.Headers.GetValues("X-Amz-Security-Token"));
        Assert.Contains("/eu-west-1/kinesis/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token;x-amz-target", Authorization(message), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invocation_by_ARN_has_the_signature_that_botocore_gives_it()
    {
        var function = new FunctionConfiguration
        {
            Name = "Clicks",
            Arn = "arn:aws:lambda:eu-west-1:123456789012:function:Clicks",
            CodeUri = "",
            Handler = "",
            Hosting = FunctionHosting.Remote,
            Endpoint = ServiceEndpoint.Aws,
        };
        InvokeAddress address = InvokeAddress.Of(function, "prod");

        using HttpRequestMessage message = await Signer(address.Endpoint).SignAsync(address.Invoke("{\"Records\":[]}"u8.ToArray()));

        Assert.Equal(
            "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3AClicks/invocations?Qualifier=prod",
            message.RequestUri!.AbsoluteUri);
        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/eu-west-1/lambda/aws4_request, "
            + "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-invocation-type;x-amz-log-type, "
            + "Signature=aa972627279c3b62b2c6b4b23cb0b1e15f954ac0765a02baa71d484b553effc9",
            Authorization(message));
    }

    private static string Authorization(HttpRequestMessage message) => Assert.Single(message.Headers.GetValues("Authorization"));
}
