using System.Globalization;
using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

/// <summary>Registering consumers with enhanced fan-out (Kinesis reference 2.5).</summary>
public class ConsumersTests
{
    private const string Arn = "arn:aws:kinesis:us-east-1:000000000000:stream/clicks";

    [Fact]
    public async Task A_consumer_has_an_ARN_that_ends_with_the_second_of_its_registration()
    {
        await using KinesisServer server = await StartAsync();

        JsonElement answer = await RegisterAsync(server, "fan");

        Assert.Equal(
            $$$"""{"Consumer":{"ConsumerName":"fan","ConsumerARN":"{{{Arn}}}/consumer/fan:1767225600","ConsumerStatus":"ACTIVE","ConsumerCreationTimestamp":1767225600}}""",
            answer.GetRawText());
        JsonElement summary = await server.CallAsync("DescribeStreamSummary", new { StreamName = "clicks" });
        Assert.Equal(1, summary.GetProperty("StreamDescriptionSummary").GetProperty("ConsumerCount").GetInt32());
    }

    [Fact]
    public async Task A_consumer_is_CREATING_first_when_the_server_takes_its_time()
    {
        await using KinesisServer server = await StartAsync(TimeSpan.FromSeconds(3));
        await RegisterAsync(server, "fan");
        Assert.Equal("CREATING", await StatusAsync(server, new { StreamARN = Arn, ConsumerName = "fan" }));

        server.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("ACTIVE", await StatusAsync(server, new { StreamARN = Arn, ConsumerName = "fan" }));
    }

    [Fact]
    public async Task A_consumer_is_described_by_its_ARN_or_by_its_name_and_the_streams_ARN()
    {
        await using KinesisServer server = await StartAsync();
        string consumer = ArnOf(await RegisterAsync(server, "fan"));

        JsonElement byName = await server.CallAsync("DescribeStreamConsumer", new { StreamARN = Arn, ConsumerName = "fan" });
        JsonElement byArn = await server.CallAsync("DescribeStreamConsumer", new { ConsumerARN = consumer });

        Assert.Equal(byName.GetRawText(), byArn.GetRawText());
        Assert.Equal(Arn, byArn.GetProperty("ConsumerDescription").GetProperty("StreamARN").GetString());
        Assert.Equal(
            "InvalidArgumentException: Must specify either ConsumerARN, or both StreamARN and ConsumerName.",
            await server.RefusedAsync("DescribeStreamConsumer", new { StreamARN = Arn }));
    }

    [Fact]
    public async Task A_name_is_taken_until_the_consumer_is_deregistered_and_comes_back_as_another_ARN()
    {
        await using KinesisServer server = await StartAsync();
        string first = ArnOf(await RegisterAsync(server, "fan"));
        Assert.Equal(
            $"ResourceInUseException: Consumer fan under stream {Arn} already exists.",
            await server.RefusedAsync("RegisterStreamConsumer", new { StreamARN = Arn, ConsumerName = "fan" }));

        await server.CallAsync("DeregisterStreamConsumer", new { ConsumerARN = first });
        Assert.Equal(
            "ResourceNotFoundException: Consumer fan, account 000000000000 not found.",
            await server.RefusedAsync("DescribeStreamConsumer", new { ConsumerARN = first }));

        server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(first, ArnOf(await RegisterAsync(server, "fan")));
        Assert.StartsWith("ResourceNotFoundException", await server.RefusedAsync("DeregisterStreamConsumer", new { ConsumerARN = first }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_has_twenty_consumers_at_most()
    {
        await using KinesisServer server = await StartAsync();
        for (int i = 0; i < 20; i++)
            await RegisterAsync(server, string.Create(CultureInfo.InvariantCulture, $"fan-{i}"));

        Assert.StartsWith(
            "LimitExceededException: ",
            await server.RefusedAsync("RegisterStreamConsumer", new { StreamARN = Arn, ConsumerName = "one-more" }),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_consumers_may_be_CREATING_at_once()
    {
        await using KinesisServer server = await StartAsync(TimeSpan.FromSeconds(3));
        for (int i = 0; i < 5; i++)
            await RegisterAsync(server, string.Create(CultureInfo.InvariantCulture, $"fan-{i}"));
        Assert.StartsWith(
            "LimitExceededException: ",
            await server.RefusedAsync("RegisterStreamConsumer", new { StreamARN = Arn, ConsumerName = "one-more" }),
            StringComparison.Ordinal);

        server.Time.Advance(TimeSpan.FromSeconds(3));
        await RegisterAsync(server, "one-more");
    }

    [Fact]
    public async Task Consumers_are_listed_page_by_page()
    {
        await using KinesisServer server = await StartAsync();
        foreach (string name in new[] { "b", "c", "a" })
            await RegisterAsync(server, name);

        JsonElement page = await server.CallAsync("ListStreamConsumers", new { StreamARN = Arn, MaxResults = 2 });
        Assert.Equal(["a", "b"], NamesOf(page));
        string token = page.GetProperty("NextToken").GetString()!;
        JsonElement rest = await server.CallAsync("ListStreamConsumers", new { StreamARN = Arn, NextToken = token });
        Assert.Equal(["c"], NamesOf(rest));
        Assert.False(rest.TryGetProperty("NextToken", out _));

        server.Streams.Create("other", 1);
        Assert.Equal(
            "InvalidArgumentException: NextToken is invalid.",
            await server.RefusedAsync("ListStreamConsumers", new { StreamARN = server.Streams.Get("other").Arn, NextToken = token }));
        server.Time.Advance(TimeSpan.FromSeconds(301));
        Assert.StartsWith(
            "ExpiredNextTokenException", await server.RefusedAsync("ListStreamConsumers", new { StreamARN = Arn, NextToken = token }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_with_consumers_is_deleted_only_by_force()
    {
        await using KinesisServer server = await StartAsync();
        await RegisterAsync(server, "fan");
        Assert.Equal(
            "ResourceInUseException: DeleteStream can't delete 000000000000:clicks because there are consumers associated with this data stream. To delete clicks anyway, "
            + "set the EnforceConsumerDeletion parameter to true to force the deletion of all the consumers that are associated with it.",
            await server.RefusedAsync("DeleteStream", new { StreamName = "clicks", EnforceConsumerDeletion = false }));

        await server.CallAsync("DeleteStream", new { StreamName = "clicks", EnforceConsumerDeletion = true });
        Assert.StartsWith("ResourceNotFoundException", await server.RefusedAsync("DescribeStream", new { StreamName = "clicks" }), StringComparison.Ordinal);
    }

    private static async Task<KinesisServer> StartAsync(TimeSpan consumerDelay = default)
    {
        KinesisServer server = await KinesisServer.StartAsync(new EmbeddedStreamsOptions { ConsumerDelay = consumerDelay });
        server.Streams.Create("clicks", 1);
        return server;
    }

    private static Task<JsonElement> RegisterAsync(KinesisServer server, string name) =>
        server.CallAsync("RegisterStreamConsumer", new { StreamARN = Arn, ConsumerName = name });

    private static string ArnOf(JsonElement registered) => registered.GetProperty("Consumer").GetProperty("ConsumerARN").GetString()!;

    private static async Task<string?> StatusAsync(KinesisServer server, object request) =>
        (await server.CallAsync("DescribeStreamConsumer", request)).GetProperty("ConsumerDescription").GetProperty("ConsumerStatus").GetString();

    private static IEnumerable<string?> NamesOf(JsonElement page) =>
        page.GetProperty("Consumers").EnumerateArray().Select(consumer => consumer.GetProperty("ConsumerName").GetString());
}
