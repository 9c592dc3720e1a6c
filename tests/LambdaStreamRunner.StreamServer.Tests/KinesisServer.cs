using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.StreamServer.Tests;

/// <summary>Kinesis on a port of its own, with a clock that stands still.</summary>
internal sealed class KinesisServer : IAsyncDisposable
{
    public const string JsonType = "application/x-amz-json-1.1";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, bool> _protocols;

    private KinesisServer(WebApplication app, EmbeddedStreams streams, FakeTimeProvider time, ConcurrentDictionary<string, bool> protocols)
    {
        (_app, Streams, Time, _protocols) = (app, streams, time, protocols);
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Http = new HttpClient { BaseAddress = new Uri(address) };
    }

    public FakeTimeProvider Time { get; }

    public EmbeddedStreams Streams { get; }

    public HttpClient Http { get; }

    /// <summary>The versions of HTTP that requests came in.</summary>
    public ICollection<string> Protocols => _protocols.Keys;

    public string Url => Http.BaseAddress!.ToString();

    public static async Task<KinesisServer> StartAsync(
        EmbeddedStreamsOptions? options = null, FakeTimeProvider? clock = null, X509Certificate2? certificate = null, ILoggerProvider? log = null,
        StreamStore? store = null, Action<KestrelServerOptions>? configure = null)
    {
        FakeTimeProvider time = clock ?? new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var streams = new EmbeddedStreams(options ?? new EmbeddedStreamsOptions(), time, realTime: time, store);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (log is not null)
            builder.Logging.AddProvider(log);
        builder.WebHost.UseProtocolSorting(certificate).ConfigureKestrel(kestrel =>
        {
            kestrel.LimitClients().Listen(IPAddress.Loopback, 0);
            configure?.Invoke(kestrel);
        });
        WebApplication app = builder.Build();
        ConcurrentDictionary<string, bool> protocols = new();
        app.Use((context, next) =>
        {
            protocols[context.Request.Protocol] = true;
            return next(context);
        });
        app.UseHostGuard("kinesis.test");
        app.UseKinesis(streams);
        app.MapKinesis(streams);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new KinesisServer(app, streams, time, protocols);
    }

    /// <summary>A request in the usual shape.</summary>
    public static HttpRequestMessage Request(string action, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", JsonType);
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"Kinesis_20131202.{action}");
        request.Headers.TryAddWithoutValidation("X-Amz-Date", "20260101T000000Z");
        request.Headers.TryAddWithoutValidation(
            "Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=00");
        return request;
    }

    public async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A call that must succeed; null when the action has no answer.</summary>
    public async Task<JsonElement> CallAsync(string action, object request)
    {
        (HttpStatusCode status, string body) = await SendAsync(Request(action, JsonSerializer.Serialize(request)));
        Assert.True(status == HttpStatusCode.OK, $"{action} answered {(int)status} {body}");
        return body.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(body);
    }

    /// <summary>A call that must be refused: the error's name and text with a colon between.</summary>
    public Task<string> RefusedAsync(string action, object request) => RefusedAsync(Request(action, JsonSerializer.Serialize(request)));

    /// <inheritdoc cref="RefusedAsync(string, object)"/>
    public async Task<string> RefusedAsync(HttpRequestMessage request)
    {
        (HttpStatusCode status, string body) = await SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        JsonElement error = JsonSerializer.Deserialize<JsonElement>(body);
        string type = error.GetProperty("__type").GetString()!;
        return error.TryGetProperty(type == "SerializationException" ? "Message" : "message", out JsonElement message)
            ? $"{type}: {message.GetString()}"
            : type;
    }

    public async Task<string> IteratorAsync(string stream, string type, object? more = null)
    {
        Dictionary<string, object> request = new() { ["StreamName"] = stream, ["ShardId"] = "shardId-000000000000", ["ShardIteratorType"] = type };
        foreach (System.Reflection.PropertyInfo property in more?.GetType().GetProperties() ?? [])
            request[property.Name] = property.GetValue(more)!;
        return (await CallAsync("GetShardIterator", request)).GetProperty("ShardIterator").GetString()!;
    }

    /// <summary>Lets what is in flight end, and closes the port.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
