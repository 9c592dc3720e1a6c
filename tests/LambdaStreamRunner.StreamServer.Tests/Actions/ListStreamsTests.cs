using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

public class ListStreamsTests
{
    [Fact]
    public async Task Names_come_in_byte_order_with_their_summaries()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        foreach (string name in new[] { "b", "a", "B" })
            server.Streams.Create(name, 1);

        JsonElement answer = await server.CallAsync("ListStreams", new { });

        Assert.Equal(["B", "a", "b"], Names(answer));
        Assert.False(answer.GetProperty("HasMoreStreams").GetBoolean());
        Assert.False(answer.TryGetProperty("NextToken", out _));
        Assert.Equal("ACTIVE", answer.GetProperty("StreamSummaries")[2].GetProperty("StreamStatus").GetString());
    }

    [Fact]
    public async Task Pages_go_on_by_name_or_by_token()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        foreach (string name in new[] { "a", "c", "e" })
            server.Streams.Create(name, 1);

        Assert.Equal(["c", "e"], Names(await server.CallAsync("ListStreams", new { ExclusiveStartStreamName = "b" })));
        JsonElement first = await server.CallAsync("ListStreams", new { Limit = 2 });
        Assert.Equal(["a", "c"], Names(first));
        Assert.True(first.GetProperty("HasMoreStreams").GetBoolean());
        string token = first.GetProperty("NextToken").GetString()!;
        Assert.Equal(["e"], Names(await server.CallAsync("ListStreams", new { NextToken = token })));

        Assert.StartsWith("InvalidArgumentException", await server.RefusedAsync("ListStreams", new { NextToken = token, ExclusiveStartStreamName = "a" }), StringComparison.Ordinal);

        server.Time.Advance(TimeSpan.FromSeconds(301));
        Assert.StartsWith("ExpiredNextTokenException", await server.RefusedAsync("ListStreams", new { NextToken = token }), StringComparison.Ordinal);
        Assert.StartsWith("InvalidArgumentException", await server.RefusedAsync("ListStreams", new { NextToken = "AAAA" }), StringComparison.Ordinal);
    }

    private static string[] Names(JsonElement answer) => [.. answer.GetProperty("StreamNames").EnumerateArray().Select(name => name.GetString()!)];
}
