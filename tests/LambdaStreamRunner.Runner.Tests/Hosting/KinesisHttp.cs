using System.Text;
using System.Text.Json;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>A Kinesis client of a few lines: what an SDK sends, less the signature.</summary>
internal static class KinesisHttp
{
    public static async Task<JsonElement> KinesisAsync(this HttpClient http, string action, object request)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request)) };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-amz-json-1.1");
        message.Headers.TryAddWithoutValidation("X-Amz-Target", $"Kinesis_20131202.{action}");
        message.Headers.TryAddWithoutValidation("X-Amz-Date", "20260101T000000Z");
        message.Headers.TryAddWithoutValidation(
            "Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=00");
        using HttpResponseMessage response = await http.SendAsync(message, TestContext.Current.CancellationToken);
        string answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, answer);
        return answer.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(answer);
    }

    public static Task<JsonElement> PutRecordsAsync(this HttpClient http, string stream, IEnumerable<(string Key, string Text)> records) =>
        http.KinesisAsync("PutRecords", new
        {
            StreamName = stream,
            Records = records.Select(record => new { PartitionKey = record.Key, Data = Convert.ToBase64String(Encoding.UTF8.GetBytes(record.Text)) }),
        });
}
