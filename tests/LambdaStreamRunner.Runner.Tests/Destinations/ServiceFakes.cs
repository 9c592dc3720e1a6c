using System.Diagnostics;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Json;

namespace LambdaStreamRunner.Runner.Tests.Destinations;

/// <summary>Queues, topics and buckets of other authors, in a process of their own: a queue, a topic and a bucket named "failed".</summary>
/// <remarks>The topic's messages arrive in a queue "heard". The bucket takes only the credentials S3RVER, S3RVER, and looks at signatures.</remarks>
internal sealed class ServiceFakes : IAsyncDisposable
{
    public const string QueueArn = "arn:aws:sqs:us-east-1:000000000000:failed";
    public const string TopicArn = "arn:aws:sns:us-east-1:000000000000:failed";
    public const string BucketArn = "arn:aws:s3:::failed";
    public const string BucketCredentials = "S3RVER";

    private const string Node = "/usr/bin/node";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string Folder = typeof(ServiceFakes).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "ServiceFakes").Value!;

    private readonly Process _process;
    private readonly JsonElement _queues;
    private readonly HttpClient _http = new();

    private ServiceFakes(Process process, JsonElement addresses)
    {
        _process = process;
        _queues = addresses.GetProperty("queues");
        Messages = new Uri(addresses.GetProperty("messages").GetString()!);
        Buckets = new Uri(addresses.GetProperty("buckets").GetString()!);
    }

    /// <summary>Where queues and topics are.</summary>
    public Uri Messages { get; }

    /// <summary>Where buckets are.</summary>
    public Uri Buckets { get; }

    /// <summary>Starts them; skips the test when they are not installed, which is a failure in CI (variable CI is true).</summary>
    public static async Task<ServiceFakes> StartAsync()
    {
        Require(Node, "apt-get install nodejs");
        Require(Path.Combine(Folder, "node_modules", "fauxqs", "package.json"), $"npm ci in {Folder}");
        Process process = Process.Start(new ProcessStartInfo(Node, [Path.Combine(Folder, "fakes.mjs")]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        string? line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(line is not null, "The fakes ended before they had begun.");
        return new ServiceFakes(process, JsonSerializer.Deserialize<JsonElement>(line));
    }

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

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }
        _process.Dispose();
    }

    private async Task<JsonElement> CallAsync(string action, object body)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.0");
        content.Headers.Add("X-Amz-Target", $"AmazonSQS.{action}");
        using HttpResponseMessage response = await _http.PostAsync(Messages, content, TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<JsonElement>(await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private static void Require(string file, string command)
    {
        if (File.Exists(file))
            return;
        string reason = $"{file} is not installed ({command}).";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Assert.Skip(reason);
    }
}
