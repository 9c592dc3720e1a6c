using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

/// <summary>Policies of streams and consumers (Kinesis reference 2.6).</summary>
public class ResourcePolicyTests
{
    private const string Arn = "arn:aws:kinesis:us-east-1:000000000000:stream/clicks";

    [Fact]
    public async Task A_policy_is_read_as_it_was_put_and_is_empty_before_and_after()
    {
        await using KinesisServer server = await StartAsync();
        Assert.Equal("""{"Policy":"{}"}""", (await server.CallAsync("GetResourcePolicy", new { ResourceARN = Arn })).GetRawText());

        const string Policy = """{ "Version": "2012-10-17", "Statement": [] }""";
        await server.CallAsync("PutResourcePolicy", new { ResourceARN = Arn, Policy });
        Assert.Equal(Policy, await PolicyAsync(server, Arn));

        await server.CallAsync("DeleteResourcePolicy", new { ResourceARN = Arn });
        Assert.Equal("{}", await PolicyAsync(server, Arn));
        Assert.Equal(
            $"ResourceNotFoundException: No resource policy found for resource ARN {Arn}.",
            await server.RefusedAsync("DeleteResourcePolicy", new { ResourceARN = Arn }));
    }

    [Fact]
    public async Task A_consumer_has_a_policy_of_its_own()
    {
        await using KinesisServer server = await StartAsync();
        JsonElement answer = await server.CallAsync("RegisterStreamConsumer", new { StreamARN = Arn, ConsumerName = "fan" });
        string consumer = answer.GetProperty("Consumer").GetProperty("ConsumerARN").GetString()!;
        await server.CallAsync("PutResourcePolicy", new { ResourceARN = consumer, Policy = """{"a":1}""" });

        Assert.Equal(("""{"a":1}""", "{}"), (await PolicyAsync(server, consumer), await PolicyAsync(server, Arn)));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    public async Task A_policy_is_a_JSON_object(string policy)
    {
        await using KinesisServer server = await StartAsync();

        Assert.Equal(
            "InvalidArgumentException: The resource policy is not a JSON object.",
            await server.RefusedAsync("PutResourcePolicy", new { ResourceARN = Arn, Policy = policy }));
    }

    [Fact]
    public async Task A_policy_needs_a_stream()
    {
        await using KinesisServer server = await StartAsync();

        Assert.Equal(
            "ResourceNotFoundException: Stream none under account 000000000000 not found.",
            await server.RefusedAsync("PutResourcePolicy", new { ResourceARN = "arn:aws:kinesis:us-east-1:000000000000:stream/none", Policy = "{}" }));
    }

    private static async Task<KinesisServer> StartAsync()
    {
        KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);
        return server;
    }

    private static async Task<string?> PolicyAsync(KinesisServer server, string arn) =>
        (await server.CallAsync("GetResourcePolicy", new { ResourceARN = arn })).GetProperty("Policy").GetString();
}
