using LambdaStreamRunner.Runner.Configuration;
using static LambdaStreamRunner.Runner.Tests.Configuration.ConfigurationText;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html; and an ARN never reaches AWS by itself.</summary>
public class DestinationTests
{
    private const string Endpoints = """{ "sqs": "http://127.0.0.1:9324", "sns": "AWS", "s3": "https://minio.local:9000/" }""";

    [Fact]
    public void Each_kind_of_destination_reaches_the_model_with_its_endpoint()
    {
        Assert.Equal(
            new OnFailureDestination.Queue("arn:aws:sqs:eu-west-1:111122223333:failed", new ServiceEndpoint(new Uri("http://127.0.0.1:9324"))),
            DestinationOf("arn:aws:sqs:eu-west-1:111122223333:failed"));
        Assert.Equal(
            new OnFailureDestination.Topic("arn:aws-cn:sns:cn-north-1:111122223333:failed", ServiceEndpoint.Aws),
            DestinationOf("arn:aws-cn:sns:cn-north-1:111122223333:failed"));
        Assert.Equal(
            new OnFailureDestination.Bucket("arn:aws:s3:::failed.batches", new ServiceEndpoint(new Uri("https://minio.local:9000"))),
            DestinationOf("arn:aws:s3:::failed.batches"));
        Assert.Equal(new OnFailureDestination.File("/projects/shop/config/failed/x.jsonl"), DestinationOf("file:failed/x.jsonl"));
    }

    [Fact]
    public void The_parts_of_an_ARN_are_told_apart()
    {
        var queue = Assert.IsType<OnFailureDestination.Queue>(DestinationOf("arn:aws:sqs:eu-west-1:111122223333:failed"));
        var bucket = Assert.IsType<OnFailureDestination.Bucket>(DestinationOf("arn:aws:s3:::failed"));

        Assert.Equal(("eu-west-1", "111122223333", "failed"), (queue.Region, queue.AccountId, queue.Name));
        Assert.Equal(("", "", "failed"), (bucket.Region, bucket.AccountId, bucket.Name));
    }

    [Theory]
    [InlineData("arn:aws:sqs:us-east-1:000000000000:failed", "\"Endpoints\": { \"sqs\": \"http://127.0.0.1:4566\" }")]
    [InlineData("arn:aws:sns:us-east-1:000000000000:failed", "\"Endpoints\": { \"sns\": \"http://127.0.0.1:4566\" }")]
    [InlineData("arn:aws:s3:::failed", "\"Endpoints\": { \"s3\": \"http://127.0.0.1:4566\" }")]
    public void An_ARN_without_an_endpoint_is_refused_and_both_remedies_are_named(string arn, string remedy)
    {
        string error = OnlyError(WithMapping(DestinationConfig(arn))).Text;

        Assert.Contains($"\"{arn}\", and nothing is sent to AWS unasked", error, StringComparison.Ordinal);
        Assert.Contains(remedy, error, StringComparison.Ordinal);
        Assert.Contains("\"file:failed/clicks.jsonl\"", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("failed/clicks.jsonl", "is no destination")]
    [InlineData("file:", "not file: and a path")]
    [InlineData("file://host/clicks.jsonl", "not file: and a path")]
    [InlineData("arn:aws:sqs:us-east-1:000000000000", "no such ARN")]
    [InlineData("arn:aws:sqs:us-east-1:0000:failed", "no such ARN")]
    [InlineData("arn:aws:sns:us-east-1:000000000000:a b", "no such ARN")]
    [InlineData("arn:aws:s3:::failed/prefix", "no such ARN")]
    [InlineData("arn:aws:s3:us-east-1:000000000000:failed", "no such ARN")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:f", "an SQS queue, an SNS topic or an S3 bucket")]
    public void What_is_no_destination_is_refused_and_a_file_suggested(string destination, string reason)
    {
        string error = OnlyError(WithEndpoints(destination)).Text;

        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Contains("\"file:failed/clicks.jsonl\"", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arn:aws:sqs:us-east-1:000000000000:failed.fifo")]
    [InlineData("arn:aws:sns:us-east-1:000000000000:failed.fifo")]
    public void A_FIFO_destination_is_admitted_as_on_AWS_with_a_warning(string arn)
    {
        ConfigurationResult result = Read(WithEndpoints(arn));

        Assert.True(Assert.IsAssignableFrom<OnFailureDestination.Remote>(result.Configuration!.Mappings[0].OnFailure).IsFifo);
        Assert.Contains("every delivery to it fails", Assert.Single(result.Warnings).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sqs", "\"amazon\"")]
    [InlineData("sqs", "\"127.0.0.1:4566\"")]
    [InlineData("sns", "\"ftp://host\"")]
    [InlineData("s3", "\"http://user:secret@host\"")]
    [InlineData("s3", "4566")]
    public void An_endpoint_is_aws_or_a_URL_without_credentials(string service, string value) =>
        Assert.Equal($"Endpoints.{service}", OnlyError($$"""{ "Endpoints": { "{{service}}": {{value}} } }""").Path);

    [Fact]
    public void An_unknown_service_is_refused_with_the_nearest() =>
        Assert.EndsWith("Did you mean 'sqs'?", OnlyError("""{ "Endpoints": { "sqss": "aws" } }""").Text, StringComparison.Ordinal);

    private static OnFailureDestination? DestinationOf(string written) => Valid(WithEndpoints(written)).Mappings[0].OnFailure;

    private static string WithEndpoints(string destination) =>
        WithMapping(DestinationConfig(destination)).Replace("{ \"Streams\"", $"{{ \"Endpoints\": {Endpoints}, \"Streams\"", StringComparison.Ordinal);

    private static string DestinationConfig(string destination) => $$"""
        "DestinationConfig": { "OnFailure": { "Destination": "{{destination}}" } }
        """;
}
