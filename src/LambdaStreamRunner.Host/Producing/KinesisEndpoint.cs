using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace LambdaStreamRunner.Host.Producing;

/// <summary>Kinesis over HTTP, as far as putting needs it.</summary>
/// <remarks>
/// The endpoint must take any credentials, as embedded streams and other emulators do: requests carry a signature in form
/// only, so that nothing of value is ever sent.
/// Before the first good answer nothing is tried again: the URL is probably wrong, and a person should hear of it at once.
/// </remarks>
internal sealed class KinesisEndpoint : IDisposable
{
    /// <summary>Longest wait for an answer.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Largest answer; that of a full PutRecords has about 100 KiB.</summary>
    private const int AnswerBytesMax = 16 * 1024 * 1024;

    /// <summary>Most pages of a ListShards: 100,000 shards, above what an account may have.</summary>
    private const int ShardPagesMax = 100;

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private volatile bool _hasAnswered;

    public KinesisEndpoint(Uri url, int connections, TimeProvider time)
    {
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = connections })
        {
            BaseAddress = url,
            Timeout = AnswerTimeout,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
    }

    /// <summary>Puts a batch, once.</summary>
    /// <exception cref="ProducerException">The endpoint does not take it, and would not later either.</exception>
    public async Task<PutAnswer> PutAsync(string stream, PutBatch batch, CancellationToken abandon)
    {
        try
        {
            (int status, byte[] answer) = await CallAsync("PutRecords", Body(stream, batch), abandon);
            if (status != 200)
                return Judge(status, answer);
            var answered = new PutAnswer.Answered(KinesisAnswers.Results(answer, batch.Groups.Count));
            _hasAnswered = true;
            return answered;
        }
        catch (NoAnswerException none) when (_hasAnswered)
        {
            return new PutAnswer.Failed(none.Message, none.MayHaveArrived);
        }
        catch (NoAnswerException none)
        {
            throw new ProducerException(none.Message);
        }
    }

    /// <summary>The open shards of a stream; null when the endpoint does not tell.</summary>
    /// <exception cref="ProducerException">The endpoint cannot be reached, or has no such stream.</exception>
    public async Task<ShardMap?> ShardsAsync(string stream, CancellationToken abandon)
    {
        List<ShardMap.OpenShard> shards = [];
        string? token = null;
        for (int page = 0; page < ShardPagesMax; page++)
        {
            object request = token is null ? new { StreamName = stream } : new { NextToken = token };
            (int status, byte[] answer) = await ListShardsAsync(JsonSerializer.SerializeToUtf8Bytes(request), abandon);
            if (KinesisAnswers.Error(answer) is { Type: "ResourceNotFoundException" } missing)
                throw new ProducerException($"The endpoint refuses: {missing}");
            if (status != 200 || KinesisAnswers.Shards(answer) is not { } shown)
                return null;
            shards.AddRange(shown.Open);
            token = shown.NextToken;
            if (string.IsNullOrEmpty(token))
                return ShardMap.Of(shards);
        }
        return null;
    }

    public void Dispose() => _http.Dispose();

    private async Task<(int Status, byte[] Answer)> ListShardsAsync(byte[] body, CancellationToken abandon)
    {
        try
        {
            return await CallAsync("ListShards", body, abandon);
        }
        catch (NoAnswerException none)
        {
            throw new ProducerException(none.Message);
        }
    }

    private PutAnswer.Failed Judge(int status, byte[] answer)
    {
        KinesisError? error = KinesisAnswers.Error(answer);
        string said = error?.ToString() ?? KinesisAnswers.Quote(answer);
        _hasAnswered |= error is not null;
        if (error is { IsThrottling: true })
            return new PutAnswer.Failed(said, MayBePut: false);
        if (status >= 500 && _hasAnswered)
            return new PutAnswer.Failed(said, MayBePut: true);
        throw new ProducerException($"The endpoint refuses: {said}");
    }

    private async Task<(int Status, byte[] Answer)> CallAsync(string action, ReadOnlyMemory<byte> body, CancellationToken abandon)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1");
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"Kinesis_20131202.{action}");
        request.Headers.TryAddWithoutValidation("X-Amz-Date", _time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(
            "Authorization", "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=none");
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, abandon);
            return ((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(abandon));
        }
        catch (OperationCanceledException) when (!abandon.IsCancellationRequested)
        {
            throw new NoAnswerException($"{_http.BaseAddress} does not answer for {AnswerTimeout.TotalSeconds:0} s. Is it a Kinesis endpoint?", mayHaveArrived: true);
        }
        catch (HttpRequestException tooMuch) when (tooMuch.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new ProducerException($"The endpoint is no Kinesis: its answer has more than {AnswerBytesMax} bytes.");
        }
        catch (HttpRequestException unreachable)
        {
            bool mayHaveArrived = unreachable.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError);
            throw new NoAnswerException(
                $"{_http.BaseAddress} cannot be reached: {unreachable.Message} Is 'lambda-stream run' up? Name another endpoint with --endpoint URL.", mayHaveArrived);
        }
    }

    private static ReadOnlyMemory<byte> Body(string stream, PutBatch batch)
    {
        var body = new ArrayBufferWriter<byte>(1024 + (batch.Bytes * 4 / 3) + (batch.Groups.Count * 48));
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("StreamName", stream);
        json.WriteStartArray("Records");
        foreach (OrderGroup group in batch.Groups)
        {
            json.WriteStartObject();
            json.WriteString("PartitionKey", group.First.PartitionKey);
            json.WriteBase64String("Data", group.First.Data.Span);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    /// <summary>There was no answer to a request.</summary>
    private sealed class NoAnswerException(string message, bool mayHaveArrived) : Exception(message)
    {
        public bool MayHaveArrived => mayHaveArrived;
    }
}
