using System.Net.Http.Headers;
using System.Text.Json;

namespace LambdaStreamRunner.Runner.Tests.Destinations;

/// <summary>Queues, topics and buckets of other authors, in a process of their own: a queue, a topic and a bucket named "failed".</summary>
/// <remarks>The topic's messages arrive in a queue "heard". The bucket takes only the credentials S3RVER, S3RVER, and looks at signatures.</remarks>
public sealed class ServiceFakes : IAsyncDisposable
{
    public const string QueueArn = "arn:aws:sqs:us-east-1:000000000000:failed";
    public const string TopicArn = "arn:aws:sns:us-east-1:000000000000:failed";
    public const string BucketArn = "arn:aws:s3:::failed";
    public const string BucketCredentials = "S3RVER";

    private readonly NodeService _service;
    private readonly JsonElement _queues;
    private readonly HttpClient _http = new();

    private ServiceFakes(NodeService service)
    {
        _service = service;
        JsonElement addresses = JsonSerializer.Deserialize<JsonElement>(service.FirstLine);
        _queues = addresses.GetProperty("queues");
        Messages = new Uri(addresses.GetProperty("messages").GetString()!);
        Buckets = new Uri(addresses.GetProperty("buckets").GetString()!);
    }

    /// <summary>Where queues and topics are.</summary>
    public Uri Messages { get; }

    /// <summary>Where buckets are.</summary>
    public Uri Buckets { get; }

    /// <inheritdoc cref="NodeService.StartAsync"/>
    public static async Task<ServiceFakes> StartAsync() => new(await NodeService.StartAsync(nameof(ServiceFakes), "fauxqs", "fakes.mjs"));

    /// <summary>The bodies of so many messages, once they are there.</summary>
    public async Task<List<string>> ReceiveAsync(string queue, int count)
    {
        List<string> bodies = [];
        while (bodies.Count < count)
        {
            JsonElement answer = await CallAsync("ReceiveMessage", new { QueueUrl = _queues.GetProperty(queue).GetString(), WaitTimeSeconds = 5, MaxNumberOfMessages = 10 });
            if (answer.TryGetProperty(nameof(Messages), out JsonElement messages))
                bodies.AddRange(messages.EnumerateArray().Select(message => message.GetProperty("Body").GetString()!));
        }
        return bodies;
    }

    /// <summary>Those of a class of tests: started by the first that asks for them, so that it can be skipped.</summary>
    public sealed class Shared : IAsyncDisposable
    {
        private readonly Lazy<Task<ServiceFakes>> _fakes = new(StartAsync);

        public Task<ServiceFakes> StartedAsync() => _fakes.Value;

        public async ValueTask DisposeAsync()
        {
            if (_fakes is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
                await (await _fakes.Value).DisposeAsync();
        }
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _service.DisposeAsync();
    }

    private async Task<JsonElement> CallAsync(string action, object body)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.0");
        content.Headers.Add("X-Amz-Target", $"AmazonSQS.{action}");
        using HttpResponseMessage response = await _http.PostAsync(Messages, content, TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<JsonElement>(await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
