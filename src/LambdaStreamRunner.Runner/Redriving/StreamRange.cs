using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Aws;

namespace LambdaStreamRunner.Runner.Redriving;

/// <summary>Reads a part of a shard again, over HTTP.</summary>
internal sealed class StreamRange(AwsClient kinesis, string streamName)
{
    private const int PagesMax = 10_000;

    /// <summary>The records between two numbers, both included, that are still there.</summary>
    /// <exception cref="IOException">The endpoint refuses, or cannot be reached.</exception>
    public async Task<List<StreamRecord>> ReadAsync(string shardId, SequenceNumber start, SequenceNumber end, CancellationToken cancellation)
    {
        JsonElement opened = await CallAsync(
            "GetShardIterator",
            new { StreamName = streamName, ShardId = shardId, ShardIteratorType = "AT_SEQUENCE_NUMBER", StartingSequenceNumber = start.ToString() }, cancellation);
        List<StreamRecord> records = [];
        string? iterator = opened.GetProperty("ShardIterator").GetString();
        for (int page = 0; iterator is not null && page < PagesMax; page++)
        {
            JsonElement read = await CallAsync("GetRecords", new { ShardIterator = iterator, Limit = 10_000 }, cancellation);
            int found = read.GetProperty("Records").GetArrayLength();
            foreach (JsonElement at in read.GetProperty("Records").EnumerateArray())
            {
                StreamRecord record = DiscardedDocument.RecordIn(at, "PartitionKey", "Data", "SequenceNumber", "ApproximateArrivalTimestamp");
                if (record.SequenceNumber > end)
                    return records;
                records.Add(record);
            }
            bool isAtTip = found == 0 && read.GetProperty("MillisBehindLatest").GetInt64() == 0;
            iterator = isAtTip || !read.TryGetProperty("NextShardIterator", out JsonElement next) ? null : next.GetString();
        }
        return records;
    }

    /// <summary>The shard's part of the hash space; null when the endpoint does not list it any more.</summary>
    /// <exception cref="IOException">The endpoint refuses, or cannot be reached.</exception>
    public async Task<HashKeyRange?> HashKeyRangeAsync(string shardId, CancellationToken cancellation)
    {
        object request = new { StreamName = streamName };
        for (int page = 0; page < PagesMax; page++)
        {
            JsonElement listed = await CallAsync("ListShards", request, cancellation);
            foreach (JsonElement shard in listed.GetProperty("Shards").EnumerateArray())
            {
                if (shard.GetProperty("ShardId").GetString() == shardId)
                    return RangeIn(shard.GetProperty("HashKeyRange"));
            }
            if (!listed.TryGetProperty("NextToken", out JsonElement token) || token.GetString() is not { Length: > 0 } next)
                return null;
            request = new { NextToken = next };
        }
        return null;
    }

    private async Task<JsonElement> CallAsync(string action, object body, CancellationToken cancellation)
    {
        try
        {
            AwsAnswer answer = await kinesis.SendAsync(AwsRequest.Json($"Kinesis_20131202.{action}", JsonSerializer.SerializeToUtf8Bytes(body)), cancellation);
            return JsonSerializer.Deserialize<JsonElement>(answer.Body);
        }
        catch (Exception refused) when (refused is AwsException or JsonException)
        {
            throw new IOException($"{action} of '{streamName}' at {kinesis.Endpoint}: {refused.Message}", refused);
        }
    }

    private static HashKeyRange RangeIn(JsonElement at) => new(HashIn(at.GetProperty("StartingHashKey")), HashIn(at.GetProperty("EndingHashKey")));

    private static UInt128 HashIn(JsonElement at) => UInt128.Parse(at.GetString()!, CultureInfo.InvariantCulture);
}
