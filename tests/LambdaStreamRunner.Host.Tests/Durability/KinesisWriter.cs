using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Host.Tests.Durability;

/// <summary>A producer that puts every record once, and remembers what was acknowledged.</summary>
/// <param name="endpoint">Where to.</param>
/// <param name="round">First part of what a record says.</param>
/// <param name="writer">Second part.</param>
/// <param name="keys">Partition keys of its own that it uses in turns; by default every record has another one.</param>
internal sealed class KinesisWriter(Uri endpoint, int round, int writer, int? keys = null)
{
    private readonly Random _sizes = new((round * 10) + writer);
    private readonly List<Acknowledged> _acknowledged = [];
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;

    public IReadOnlyList<Acknowledged> Acknowledged => _acknowledged;

    public Task FirstAcknowledged => _first.Task;

    public async Task PutOnceAsync()
    {
        using var http = new HttpClient { BaseAddress = endpoint };
        await PutAsync(http, 1);
    }

    /// <summary>Puts until the server is gone.</summary>
    public Task PutUntilRefusedAsync() => PutUntilRefusedAsync(int.MaxValue);

    /// <summary>Puts until the server is gone, or it is enough.</summary>
    public async Task PutUntilRefusedAsync(int recordsMax)
    {
        using var http = new HttpClient { BaseAddress = endpoint };
        try
        {
            while (_next < recordsMax)
                await PutAsync(http, _sizes.Next(1, 60));
        }
        catch (HttpRequestException)
        {
            _first.TrySetResult();                            // whether this request got there nobody knows
        }
    }

    private string KeyOf(string content) => keys is { } count
        ? string.Create(CultureInfo.InvariantCulture, $"{writer}/{int.Parse(content[(content.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture) % count}")
        : content;

    private async Task PutAsync(HttpClient http, int count)
    {
        string[] contents = [.. Enumerable.Range(_next, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"{round}/{writer}/{number}"))];
        _next += count;
        string body = JsonSerializer.Serialize(new
        {
            StreamName = "clicks",
            Records = contents.Select(content => new
            {
                Data = Encoding.UTF8.GetBytes(content.PadRight(_sizes.Next(20, 2000))),
                PartitionKey = KeyOf(content),
            }),
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-amz-json-1.1");
        request.Headers.TryAddWithoutValidation("X-Amz-Target", "Kinesis_20131202.PutRecords");
        request.Headers.TryAddWithoutValidation("X-Amz-Date", "20260101T000000Z");
        request.Headers.TryAddWithoutValidation(
            "Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=00");
        using HttpResponseMessage response = await http.SendAsync(request, CancellationToken.None);
        string answer = await response.Content.ReadAsStringAsync(CancellationToken.None);
        Assert.True(response.StatusCode is HttpStatusCode.OK, answer);
        foreach ((JsonElement result, string content) in JsonSerializer.Deserialize<JsonElement>(answer).GetProperty("Records").EnumerateArray().Zip(contents))
        {
            Assert.True(ShardId.TryParse(result.GetProperty("ShardId").GetString(), out int shard), answer);
            _acknowledged.Add(new Acknowledged(shard, SequenceNumber.Parse(result.GetProperty("SequenceNumber").GetString()), content));
        }
        _first.TrySetResult();
    }
}

/// <summary>A record that a client was told is safe.</summary>
internal readonly record struct Acknowledged(int Shard, SequenceNumber Number, string Content);
