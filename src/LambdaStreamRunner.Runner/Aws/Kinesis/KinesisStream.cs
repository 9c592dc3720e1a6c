using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Polling;

namespace LambdaStreamRunner.Runner.Aws.Kinesis;

/// <summary>One stream at a remote endpoint: the calls of the Kinesis API that reading it needs.</summary>
/// <param name="client">Calls the endpoint.</param>
/// <param name="name">The stream's short name.</param>
/// <param name="arn">Its ARN: AWS is told that, so that a stream of another account can be read; emulators are told the name.</param>
internal sealed class KinesisStream(AwsClient client, string name, string arn)
{
    // 100,000 shards, above what an account may have.
    private const int ShardPagesMax = 100;

    private static readonly JsonEncodedText StreamName = JsonEncodedText.Encode("StreamName");
    private static readonly JsonEncodedText StreamArn = JsonEncodedText.Encode("StreamARN");

    /// <summary>The endpoint, for people.</summary>
    public AwsEndpoint Endpoint => client.Endpoint;

    /// <summary>The stream's short name.</summary>
    public string Name => name;

    /// <summary>DescribeStreamSummary; null when there is no such stream.</summary>
    /// <exception cref="AwsException">The endpoint refuses, or cannot be reached.</exception>
    public async Task<StreamDescription?> DescribeAsync(CancellationToken cancellation)
    {
        try
        {
            JsonElement summary = (await CallAsync("DescribeStreamSummary", WriteStream, client.Retries, cancellation)).GetProperty("StreamDescriptionSummary");
            return new StreamDescription(
                summary.GetProperty("StreamStatus").GetString()!,
                DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(summary.GetProperty("StreamCreationTimestamp").GetDouble() * 1000)),
                TimeSpan.FromHours(summary.GetProperty("RetentionPeriodHours").GetInt32()));
        }
        catch (AwsException missing) when (missing.Code == "ResourceNotFoundException")
        {
            return null;
        }
        catch (Exception wrong) when (wrong is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Unreadable("DescribeStreamSummary", wrong);
        }
    }

    /// <summary>ListShards, all pages.</summary>
    /// <exception cref="AwsException">The endpoint refuses, or cannot be reached.</exception>
    public async Task<ShardListing> ListShardsAsync(CancellationToken cancellation)
    {
        var shards = ImmutableArray.CreateBuilder<SourceShard>();
        int open = 0;
        string? token = null;
        try
        {
            for (int page = 0; page < ShardPagesMax; page++)
            {
                JsonElement listed = await CallAsync("ListShards", json => WriteListing(json, token), client.Retries, cancellation);
                foreach (JsonElement shard in listed.GetProperty("Shards").EnumerateArray())
                {
                    shards.Add(ShardOf(shard));
                    open += shard.GetProperty("SequenceNumberRange").TryGetProperty("EndingSequenceNumber", out JsonElement end) && end.ValueKind is JsonValueKind.String ? 0 : 1;
                }
                token = Text(listed, "NextToken");
                if (string.IsNullOrEmpty(token))
                    break;
            }
        }
        catch (Exception wrong) when (wrong is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Unreadable("ListShards", wrong);
        }
        shards.Sort((one, other) => string.CompareOrdinal(one.Id, other.Id));
        return new ShardListing(shards.ToImmutable(), open);
    }

    /// <summary>GetShardIterator, once.</summary>
    /// <exception cref="AwsException">The endpoint refuses, or cannot be reached.</exception>
    public async Task<string> GetShardIteratorAsync(string shardId, ShardPosition position, CancellationToken cancellation)
    {
        JsonElement answer = await CallAsync(
            "GetShardIterator",
            json =>
            {
                WriteStream(json);
                json.WriteString("ShardId", shardId);
                json.WriteString("ShardIteratorType", TypeOf(position));
                if (position.Type is ShardIteratorType.AtSequenceNumber or ShardIteratorType.AfterSequenceNumber)
                    json.WriteString("StartingSequenceNumber", position.SequenceNumber.ToString());
                if (position.Type is ShardIteratorType.AtTimestamp)
                    json.WriteNumber("Timestamp", position.TimestampMilliseconds / 1000m);
            },
            AwsRetryPolicy.None,
            cancellation);
        return Text(answer, "ShardIterator") ?? throw Unreadable("GetShardIterator", null);
    }

    /// <summary>GetRecords, once: who reads tries again by rules of its own.</summary>
    /// <exception cref="AwsException">The endpoint refuses, or cannot be reached.</exception>
    public async Task<RecordPage> GetRecordsAsync(string iterator, int limit, CancellationToken cancellation)
    {
        byte[] body = Body(json =>
        {
            if (client.Endpoint.IsAws)
                WriteStream(json);                            // leads the call to the account of the stream
            json.WriteString("ShardIterator", iterator);
            json.WriteNumber("Limit", limit);
        });
        AwsAnswer answer = await client.SendAsync(Request("GetRecords", body), cancellation, AwsRetryPolicy.None);
        return RecordPageReader.Read(answer.Body);
    }

    /// <summary>SubscribeToShard, once; the answer's body is a stream of events.</summary>
    /// <exception cref="AwsException">The endpoint refuses, or cannot be reached.</exception>
    public Task<HttpResponseMessage> SubscribeAsync(string consumerArn, string shardId, ShardPosition position, CancellationToken cancellation) =>
        client.OpenAsync(
            Request("SubscribeToShard", Body(json =>
            {
                json.WriteString("ConsumerARN", consumerArn);
                json.WriteString("ShardId", shardId);
                json.WriteStartObject("StartingPosition");
                json.WriteString("Type", TypeOf(position));
                if (position.Type is ShardIteratorType.AtSequenceNumber or ShardIteratorType.AfterSequenceNumber)
                    json.WriteString("SequenceNumber", position.SequenceNumber.ToString());
                if (position.Type is ShardIteratorType.AtTimestamp)
                    json.WriteNumber("Timestamp", position.TimestampMilliseconds / 1000m);
                json.WriteEndObject();
            })),
            cancellation);

    private async Task<JsonElement> CallAsync(string action, Action<Utf8JsonWriter> write, AwsRetryPolicy retries, CancellationToken cancellation)
    {
        AwsAnswer answer = await client.SendAsync(Request(action, Body(write)), cancellation, retries);
        try
        {
            return JsonElement.Parse(answer.Body);
        }
        catch (JsonException wrong)
        {
            throw Unreadable(action, wrong);
        }
    }

    private static AwsRequest Request(string action, byte[] body) => AwsRequest.Json($"Kinesis_20131202.{action}", body);

    private static byte[] Body(Action<Utf8JsonWriter> write)
    {
        var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return body.ToArray();
    }

    private void WriteStream(Utf8JsonWriter json)
    {
        if (client.Endpoint.IsAws)
            json.WriteString(StreamArn, arn);
        else
            json.WriteString(StreamName, name);
    }

    private void WriteListing(Utf8JsonWriter json, string? token)
    {
        if (token is null || client.Endpoint.IsAws)
            WriteStream(json);                                // with a token, AWS still takes the ARN, and nobody takes the name
        if (token is not null)
            json.WriteString("NextToken", token);
    }

    private static SourceShard ShardOf(JsonElement shard)
    {
        JsonElement range = shard.GetProperty("HashKeyRange");
        return new SourceShard(
            shard.GetProperty("ShardId").GetString()!,
            new HashKeyRange(HashKey(range, "StartingHashKey"), HashKey(range, "EndingHashKey")),
            Text(shard, "ParentShardId"),
            Text(shard, "AdjacentParentShardId"));
    }

    private static UInt128 HashKey(JsonElement range, string name) => UInt128.Parse(range.GetProperty(name).GetString()!, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string? Text(JsonElement at, string property) =>
        at.TryGetProperty(property, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private AwsException Unreadable(string action, Exception? wrong) =>
        new("UnreadableAnswer", $"{client.Endpoint} answers {action} with something else: {wrong?.Message ?? "what it should tell is missing"}", 200, wrong);

    private static string TypeOf(ShardPosition position) => position.Type switch
    {
        ShardIteratorType.TrimHorizon => "TRIM_HORIZON",
        ShardIteratorType.Latest => "LATEST",
        ShardIteratorType.AtSequenceNumber => "AT_SEQUENCE_NUMBER",
        ShardIteratorType.AfterSequenceNumber => "AFTER_SEQUENCE_NUMBER",
        ShardIteratorType.AtTimestamp => "AT_TIMESTAMP",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
