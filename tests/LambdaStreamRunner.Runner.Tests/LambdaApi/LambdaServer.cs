using System.Net.Http.Headers;
using System.Text.Json;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.Runner.Tests.Hosting;

namespace LambdaStreamRunner.Runner.Tests.LambdaApi;

/// <summary>A runner with the stream "clicks" and the function "Clicks", and a client of its Lambda API of a few lines.</summary>
internal sealed class LambdaServer : IAsyncDisposable
{
    public const string Account = "000000000000";
    public const string StreamArn = $"arn:aws:kinesis:us-east-1:{Account}:stream/clicks";
    public const string FunctionArn = $"arn:aws:lambda:us-east-1:{Account}:function:Clicks";
    public const string Mappings = "/2015-03-31/event-source-mappings";

    private readonly HttpClient _http;

    private LambdaServer(StreamRunner runner, ClickHandler handler)
    {
        (Runner, Handler) = (runner, handler);
        _http = new HttpClient { BaseAddress = runner.Endpoint };
    }

    public StreamRunner Runner { get; }

    public ClickHandler Handler { get; }

    public static async Task<LambdaServer> StartAsync(Action<StreamRunnerOptions>? change = null, TimeProvider? time = null)
    {
        var handler = new ClickHandler();
        StreamRunnerOptions options = OptionsFor(handler);
        change?.Invoke(options);
        return new LambdaServer(await TestRunner.StartedAsync(options, time), handler);
    }

    public static StreamRunnerOptions OptionsFor(ClickHandler handler)
    {
        StreamRunnerOptions options = new StreamRunnerOptions { Port = 0 }
            .AddStream("clicks")
            .AddFunction("Clicks", handler.HandleAsync)
            .AddFunction("Other", new Action<ClickEvent>(_ => { }));
        // The first function has an alias, as AutoPublishAlias makes one.
        options.Configuration = options.Configuration with
        {
            Functions = options.Configuration.Functions.SetItem(0, options.Configuration.Functions[0] with { Alias = "live" }),
        };
        return options;
    }

    /// <summary>What Create needs at least, and more.</summary>
    public static Dictionary<string, object?> NewMapping(params (string Name, object? Value)[] more)
    {
        var body = new Dictionary<string, object?> { ["EventSourceArn"] = StreamArn, ["FunctionName"] = "Clicks", ["StartingPosition"] = "TRIM_HORIZON" };
        foreach ((string name, object? value) in more)
            body[name] = value;
        return body;
    }

    public async Task<LambdaReply> SendAsync(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new ByteArrayContent(body as byte[] ?? (body is string text ? System.Text.Encoding.UTF8.GetBytes(text) : JsonSerializer.SerializeToUtf8Bytes(body)));
        request.Content?.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        byte[] answer = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return new LambdaReply((int)response.StatusCode, answer, response.Headers.ToDictionary(header => header.Key, header => header.Value.First(), StringComparer.OrdinalIgnoreCase));
    }

    public Task<LambdaReply> CreateAsync(params (string Name, object? Value)[] more) => SendAsync(HttpMethod.Post, Mappings, NewMapping(more));

    public Task<LambdaReply> GetAsync(string uuid) => SendAsync(HttpMethod.Get, $"{Mappings}/{uuid}");

    public Task<LambdaReply> UpdateAsync(string uuid, object changes) => SendAsync(HttpMethod.Put, $"{Mappings}/{uuid}", changes);

    public Task<LambdaReply> DeleteAsync(string uuid) => SendAsync(HttpMethod.Delete, $"{Mappings}/{uuid}");

    /// <summary>Makes a mapping, and waits until it is at rest.</summary>
    public async Task<string> CreatedAsync(params (string Name, object? Value)[] more)
    {
        LambdaReply reply = await CreateAsync(more);
        Assert.Equal(202, reply.Status);
        string uuid = reply.Text("UUID");
        await AtRestAsync(uuid);
        return uuid;
    }

    /// <summary>Changes a mapping, and waits until it is at rest.</summary>
    public async Task UpdatedAsync(string uuid, object changes)
    {
        LambdaReply reply = await UpdateAsync(uuid, changes);
        Assert.True(reply.Status == 202, reply.ToString());
        await AtRestAsync(uuid);
    }

    /// <summary>Waits until a mapping is Enabled, Disabled or gone, and says which.</summary>
    /// <param name="uuid">The mapping.</param>
    /// <param name="meanwhile">What is done as long as it is not, such as letting time pass.</param>
    public async Task<string> AtRestAsync(string uuid, Action? meanwhile = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TestRunner.Patience);
        while (true)
        {
            LambdaReply reply = await GetAsync(uuid);
            string state = reply.Status == 404 ? "gone" : reply.Text("State");
            if (state is "Enabled" or "Disabled" or "gone")
                return state;
            patience.Token.ThrowIfCancellationRequested();
            meanwhile?.Invoke();
            await Task.Yield();
        }
    }

    public void Put(params string[] texts)
    {
        foreach (string text in texts)
            Runner.Put("clicks", "a", text);
    }

    /// <summary>Waits until the function "Clicks" has seen a record.</summary>
    public async Task SeesAsync(string text)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TestRunner.Patience);
        while (!Handler.Texts.Contains(text))
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public Task DrainAsync() => Runner.DrainAsync();

    public async Task<MappingSummary> SummaryAsync()
    {
        await Runner.StopAsync(CancellationToken.None);
        return Assert.Single(Runner.Summarize().Mappings);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Runner.DisposeAsync();
    }

    /// <summary>A mapping of the configuration, as the tests mostly have it.</summary>
    public static StreamRunnerOptions Map(StreamRunnerOptions options, Func<EventSourceMapping, EventSourceMapping>? change = null) =>
        options.AddMapping("clicks", "Clicks", change);
}

/// <summary>An answer of the API.</summary>
internal sealed record LambdaReply(int Status, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public string? ErrorType => Headers.GetValueOrDefault("x-amzn-ErrorType");

    /// <summary>An error's text, under either name.</summary>
    public string Message => Json.TryGetProperty("message", out JsonElement lower) ? lower.GetString()! : Json.GetProperty(nameof(Message)).GetString()!;

    public string Text(string name) => Json.GetProperty(name).GetString()!;

    public int Number(string name) => Json.GetProperty(name).GetInt32();

    public override string ToString() => $"{Status} {ErrorType} {System.Text.Encoding.UTF8.GetString(Body)}";
}
