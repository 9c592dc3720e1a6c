using System.Text.Json;

namespace LambdaStreamRunner.Runner.Tests.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html</summary>
public class ListEventSourceMappingsTests
{
    [Fact]
    public async Task Mappings_are_filtered_by_source_and_function()
    {
        await using LambdaServer server = await LambdaServer.StartAsync(options => LambdaServer.Map(options.AddStream("orders")).AddMapping("orders", "Other"));
        await server.CreatedAsync(("FunctionName", "Clicks:live"), ("Enabled", false));
        string stream = Uri.EscapeDataString(LambdaServer.StreamArn);

        Assert.Equal(3, (await ListAsync(server, "")).Length);
        Assert.Equal(2, (await ListAsync(server, $"?EventSourceArn={stream}")).Length);
        Assert.Single(await ListAsync(server, $"?EventSourceArn={stream}&FunctionName=Clicks"));
        Assert.Single(await ListAsync(server, "?FunctionName=Clicks%3Alive"));
        Assert.Single(await ListAsync(server, $"?FunctionName={Uri.EscapeDataString(LambdaServer.FunctionArn)}"));
        Assert.Single(await ListAsync(server, "?FunctionName=Other"));
    }

    [Fact]
    public async Task A_source_or_a_function_that_nobody_knows_gives_an_empty_list()
    {
        await using LambdaServer server = await LambdaServer.StartAsync(options => LambdaServer.Map(options));

        Assert.Empty(await ListAsync(server, "?FunctionName=Nobody"));
        Assert.Empty(await ListAsync(server, "?EventSourceArn=arn:aws:kinesis:us-east-1:000000000000:stream/none"));
    }

    [Fact]
    public async Task Pages_have_100_at_most_and_follow_each_other_whatever_is_deleted_between()
    {
        await using LambdaServer server = await LambdaServer.StartAsync(options =>
        {
            for (int i = 0; i < 120; i++)
                options.AddFunction($"F{i}", new Action<string>(_ => { }));
        });
        List<string> made = [];
        for (int i = 0; i < 120; i++)
            made.Add((await server.CreateAsync(("FunctionName", $"F{i}"), ("Enabled", false))).Text("UUID"));

        LambdaReply whole = await server.SendAsync(HttpMethod.Get, $"{LambdaServer.Mappings}?MaxItems=10000");
        Assert.Equal(100, whole.Json.GetProperty("EventSourceMappings").GetArrayLength());
        List<string> seen = [];
        string? marker = null;
        do
        {
            LambdaReply page = await server.SendAsync(HttpMethod.Get, $"{LambdaServer.Mappings}?MaxItems=50" + (marker is null ? "" : $"&Marker={Uri.EscapeDataString(marker)}"));
            seen.AddRange(page.Json.GetProperty("EventSourceMappings").EnumerateArray().Select(mapping => mapping.GetProperty("UUID").GetString()!));
            marker = page.Json.TryGetProperty("NextMarker", out JsonElement next) ? next.GetString() : null;
            if (seen.Count == 50)
                Assert.Equal(202, (await server.DeleteAsync(seen[49])).Status);
        }
        while (marker is not null);

        Assert.Equal(made, seen);
    }

    [Theory]
    [InlineData("MaxItems=0", "ValidationException", "1 validation error detected: Value '0' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1")]
    [InlineData("MaxItems=10001", "ValidationException", "1 validation error detected: Value '10001' at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to 10000")]
    [InlineData("MaxItems=some", "SerializationException", "'some' at 'maxItems' can not be converted to an Integer")]
    [InlineData("Marker=unknown", "InvalidParameterValueException", "The marker 'unknown' is none of an earlier answer.")]
    [InlineData("EventSourceArn=clicks", "ValidationException", "1 validation error detected: Value 'clicks' at 'eventSourceArn'")]
    public async Task What_is_out_of_range_is_refused(string query, string error, string message)
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        LambdaReply reply = await server.SendAsync(HttpMethod.Get, $"{LambdaServer.Mappings}?{query}");

        Assert.Equal((400, error), (reply.Status, reply.ErrorType));
        Assert.StartsWith(message, reply.Message, StringComparison.Ordinal);
    }

    private static async Task<JsonElement[]> ListAsync(LambdaServer server, string query) =>
        [.. (await server.SendAsync(HttpMethod.Get, LambdaServer.Mappings + query)).Json.GetProperty("EventSourceMappings").EnumerateArray()];
}
