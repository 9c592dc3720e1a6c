using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Host.Tests.Verbs;

namespace LambdaStreamRunner.Host.Tests.Durability;

/// <summary>Calls the Kinesis API as an SDK does, less the signature, on the stream "clicks".</summary>
internal sealed class KinesisCaller : IDisposable
{
    private const int RecordsOfPut = 500;

    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    public async Task<JsonElement> CallAsync(Uri endpoint, string action, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-amz-json-1.1");
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"Kinesis_20131202.{action}");
        request.Headers.TryAddWithoutValidation("X-Amz-Date", "20260101T000000Z");
        request.Headers.TryAddWithoutValidation(
            "Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=00");
        using HttpResponseMessage response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        string answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, answer);
        return answer.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(answer);
    }

    /// <summary>Puts records with numbers, one call after the other, so that those of a key are in order.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="from">The first number.</param>
    /// <param name="to">The number after the last one.</param>
    /// <param name="keys">How many partition keys take turns.</param>
    /// <param name="contentOf">What a record says.</param>
    /// <returns><paramref name="to"/>.</returns>
    public async Task<int> PutAsync(Uri endpoint, int from, int to, int keys, Func<int, string> contentOf)
    {
        for (int first = from; first < to; first += RecordsOfPut)
        {
            JsonElement answer = await CallAsync(endpoint, "PutRecords", new
            {
                StreamName = "clicks",
                Records = Enumerable.Range(first, Math.Min(RecordsOfPut, to - first)).Select(number => new
                {
                    Data = System.Text.Encoding.UTF8.GetBytes(contentOf(number)),
                    PartitionKey = string.Create(CultureInfo.InvariantCulture, $"key-{number % keys}"),
                }),
            });
            Assert.Equal(0, answer.GetProperty("FailedRecordCount").GetInt32());
        }
        return to;
    }

    public Task UpdateShardCountAsync(Uri endpoint, int shards) =>
        CallAsync(endpoint, "UpdateShardCount", new { StreamName = "clicks", TargetShardCount = shards, ScalingType = "UNIFORM_SCALING" });

    /// <summary>Waits until everything that a run can know of is done.</summary>
    public async Task DrainedAsync(Uri run, LambdaStream program)
    {
        using HttpResponseMessage drained = await _http.PostAsync(new Uri(run, "/_runner/wait?until=drained&timeout=3000"), null, TestContext.Current.CancellationToken);
        Assert.True(drained.IsSuccessStatusCode, $"{await drained.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}{program.Said}");
    }
}
