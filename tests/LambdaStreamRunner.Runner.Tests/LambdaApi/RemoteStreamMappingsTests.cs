using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Tests.Hosting;

namespace LambdaStreamRunner.Runner.Tests.LambdaApi;

/// <summary>Mappings of streams at a remote endpoint, made and changed over the API while the stream is there, is not, or cannot be reached.</summary>
public sealed class RemoteStreamMappingsTests : IAsyncLifetime
{
    private const string FarArn = "arn:aws:kinesis:us-east-1:000000000000:stream/far";
    private const string Nowhere = "http://127.0.0.1:1/";

    private StreamRunner _far = null!;

    public async ValueTask InitializeAsync() => _far = await TestRunner.StartedAsync(new StreamRunnerOptions { Port = 0 }.AddStream("far"));

    public ValueTask DisposeAsync() => _far.DisposeAsync();

    private Task<LambdaServer> StartAsync(string? endpoint = null) =>
        LambdaServer.StartAsync(options => options.AddStream("far", change: stream => stream with { Endpoint = endpoint ?? _far.Endpoint!.AbsoluteUri }));

    [Theory]
    [InlineData("TRIM_HORIZON", true)]
    [InlineData("TRIM_HORIZON", false)]
    [InlineData("LATEST", true)]
    public async Task One_for_a_stream_that_is_not_there_is_refused(string position, bool enabled)
    {
        await using LambdaServer server = await StartAsync();
        _far.Streams.Delete("far");

        LambdaReply reply = await server.CreateAsync(("EventSourceArn", FarArn), ("StartingPosition", position), ("Enabled", enabled));

        Assert.Equal((400, "InvalidParameterValueException", $"Stream not found: {FarArn}"), (reply.Status, reply.ErrorType, reply.Message));
        Assert.Empty((await server.SendAsync(HttpMethod.Get, LambdaServer.Mappings)).Json.GetProperty("EventSourceMappings").EnumerateArray());
    }

    [Theory]
    [InlineData("TRIM_HORIZON")]
    [InlineData("LATEST")]
    public async Task One_whose_endpoint_does_not_answer_is_refused_with_a_sentence(string position)
    {
        await using LambdaServer server = await StartAsync(Nowhere);

        LambdaReply reply = await server.CreateAsync(("EventSourceArn", FarArn), ("StartingPosition", position));

        Assert.Equal((500, "ServiceException"), (reply.Status, reply.ErrorType));
        Assert.StartsWith($"far → Clicks: {FarArn} at {Nowhere} cannot be read: Unreachable: {Nowhere} cannot be reached: ", reply.Message, StringComparison.Ordinal);
        Assert.Empty((await server.SendAsync(HttpMethod.Get, LambdaServer.Mappings)).Json.GetProperty("EventSourceMappings").EnumerateArray());
    }

    [Fact]
    public async Task One_that_was_disabled_is_not_enabled_without_its_stream_and_stays_as_it_was()
    {
        await using LambdaServer server = await StartAsync();
        string uuid = await server.CreatedAsync(("EventSourceArn", FarArn), ("Enabled", false));
        _far.Streams.Delete("far");

        LambdaReply reply = await server.UpdateAsync(uuid, new { Enabled = true });

        Assert.Equal((400, $"Stream not found: {FarArn}"), (reply.Status, reply.Message));
        Assert.Equal("Disabled", (await server.GetAsync(uuid)).Text("State"));
    }

    [Fact]
    public async Task One_that_is_changed_while_its_stream_is_gone_has_a_problem_and_recovers()
    {
        await using LambdaServer server = await StartAsync();
        string uuid = await server.CreatedAsync(("EventSourceArn", FarArn));
        _far.Streams.Delete("far");

        await server.UpdatedAsync(uuid, new { BatchSize = 7 });
        Assert.Equal("PROBLEM: Stream not found", (await server.GetAsync(uuid)).Text("LastProcessingResult"));
        _far.Streams.Create("far", 1);
        _far.Put("far", "a", "after");
        await UntilAsync(() => server.Handler.Texts.Any());

        Assert.Equal(["after"], server.Handler.Texts);
        Assert.Equal(7, (await server.GetAsync(uuid)).Number("BatchSize"));
    }

    // What another runner does over HTTP has no event to wait for: it is looked for often, and not for ever.
    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TestRunner.Patience, TimeProvider.System);
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
    }
}
