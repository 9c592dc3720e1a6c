namespace LambdaStreamRunner.Testing;

/// <summary>Where AWS says what it promises.</summary>
internal static class AwsPages
{
    public static Uri Kinesis { get; } = Page("with-kinesis");

    public static Uri Mappings { get; } = Page("invocation-eventsourcemapping");

    public static Uri Parameters { get; } = Page("services-kinesis-parameters");

    public static Uri PartialResponses { get; } = Page("services-kinesis-batchfailurereporting");

    public static Uri OnFailure { get; } = Page("kinesis-on-failure-destination");

    public static Uri Resharding { get; } = new("https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-after-resharding.html");

    private static Uri Page(string name) => new($"https://docs.aws.amazon.com/lambda/latest/dg/{name}.html");
}
