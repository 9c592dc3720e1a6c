using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace LambdaStreamRunner.Host.Producing;

/// <summary>Puts records with PutRecords, in batches, in order: what a batch could not put is tried again before the next one goes out.</summary>
/// <remarks>
/// The endpoint must take any credentials, as embedded streams and other emulators do: requests carry a signature in form
/// only, so that nothing of value is ever sent.
/// </remarks>
internal sealed class KinesisProducer : IDisposable
{
    /// <summary>AWS: most records in one PutRecords.</summary>
    public const int BatchRecordsMax = 500;

    /// <summary>Most payload in one PutRecords, with its keys below the 5 MiB that emulators take, and AWS took before it raised the limit.</summary>
    public const int BatchBytesMax = 4 * 1024 * 1024;

    /// <summary>Tries of one batch before giving up.</summary>
    public const int TriesMax = 10;

    /// <summary>Bytes of a strange answer that a complaint quotes.</summary>
    private const int QuotedBytesMax = 500;

    private readonly HttpClient _http;
    private readonly string _stream;
    private readonly TimeProvider _time;
    private readonly List<PendingRecord> _batch = [];
    private readonly ArrayBufferWriter<byte> _body = new();
    private int _batchBytes;

    public KinesisProducer(Uri endpoint, string stream, TimeProvider time)
    {
        (_stream, _time) = (stream, time);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = endpoint };
    }

    /// <summary>Records that the endpoint has acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Records that were sent more than once.</summary>
    public long Retried { get; private set; }

    /// <summary>Adds a record; sends the batch when it is full.</summary>
    /// <exception cref="ProducerException">The endpoint does not take the records.</exception>
    public async ValueTask PutAsync(string partitionKey, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        if (_batch.Count == BatchRecordsMax || (_batch.Count > 0 && _batchBytes + data.Length > BatchBytesMax))
            await FlushAsync(cancellation);
        _batch.Add(new PendingRecord(partitionKey, data.ToArray()));
        _batchBytes += data.Length + partitionKey.Length;
    }

    /// <summary>Sends what is left.</summary>
    /// <exception cref="ProducerException">The endpoint does not take the records.</exception>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        for (int tries = 1; _batch.Count > 0; tries++)
        {
            IReadOnlyList<int> failed = await SendAsync(cancellation);
            Acknowledged += _batch.Count - failed.Count;
            if (failed.Count == 0)
                break;
            Retried += failed.Count;
            if (tries == TriesMax)
                throw new ProducerException($"{failed.Count} records were refused {TriesMax} times (throughput exceeded?); {Acknowledged} were put before them.");
            KeepOnly(failed);
            await Task.Delay(Core.Mappings.Retrying.Backoff.After(tries), _time, cancellation);
        }
        _batch.Clear();
        _batchBytes = 0;
    }

    public void Dispose() => _http.Dispose();

    private void KeepOnly(IReadOnlyList<int> failed)
    {
        PendingRecord[] again = [.. failed.Select(index => _batch[index])];
        _batch.Clear();
        _batch.AddRange(again);
    }

    private async Task<IReadOnlyList<int>> SendAsync(CancellationToken cancellation)
    {
        WriteBody();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ReadOnlyMemoryContent(_body.WrittenMemory) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1");
        request.Headers.TryAddWithoutValidation("X-Amz-Target", "Kinesis_20131202.PutRecords");
        request.Headers.TryAddWithoutValidation("X-Amz-Date", _time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(
            "Authorization", "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=none");
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, cancellation);
            byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellation);
            if (!response.IsSuccessStatusCode)
                throw new ProducerException($"The endpoint refuses: {ErrorOf(answer)}");
            return FailedIn(answer);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ProducerException($"{_http.BaseAddress} does not answer for {_http.Timeout.TotalSeconds:0} s. Is it a Kinesis endpoint?");
        }
        catch (HttpRequestException unreachable)
        {
            throw new ProducerException($"{_http.BaseAddress} cannot be reached: {unreachable.Message} Is 'lambda-stream run' up? Name another endpoint with --endpoint URL.");
        }
    }

    private void WriteBody()
    {
        _body.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_body);
        json.WriteStartObject();
        json.WriteString("StreamName", _stream);
        json.WriteStartArray("Records");
        foreach (PendingRecord record in _batch)
        {
            json.WriteStartObject();
            json.WriteString("PartitionKey", record.PartitionKey);
            json.WriteBase64String("Data", record.Data);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static IReadOnlyList<int> FailedIn(byte[] answer)
    {
        using JsonDocument? document = ObjectIn(answer);
        if (document is null || !document.RootElement.TryGetProperty("FailedRecordCount", out JsonElement failed))
            throw new ProducerException($"The endpoint is no Kinesis: it answers {TextOf(answer)}");
        if (failed.GetInt32() == 0)
            return [];
        return [.. document.RootElement.GetProperty("Records").EnumerateArray().Index().Where(record => record.Item.TryGetProperty("ErrorCode", out _)).Select(record => record.Index)];
    }

    private static string ErrorOf(byte[] answer)
    {
        using JsonDocument? document = ObjectIn(answer);
        if (document is null || !document.RootElement.TryGetProperty("__type", out JsonElement type))
            return TextOf(answer);
        string message = document.RootElement.TryGetProperty("message", out JsonElement text) ? text.ToString() : "";
        return $"{type}: {message}";
    }

    /// <summary>The answer, when it is what Kinesis answers: a JSON object. Anything may listen on a port.</summary>
    private static JsonDocument? ObjectIn(byte[] answer)
    {
        try
        {
            var document = JsonDocument.Parse(answer);
            if (document.RootElement.ValueKind is JsonValueKind.Object)
                return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string TextOf(byte[] answer) => System.Text.Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, QuotedBytesMax)));

    private sealed record PendingRecord(string PartitionKey, byte[] Data);
}
