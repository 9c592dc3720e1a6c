using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Runner.Redriving;

/// <summary>What an on-failure destination was told about a discarded batch, read back.</summary>
/// <param name="FunctionArn">The function, as the mapping names it.</param>
/// <param name="StreamArn">The source, as the mapping names it.</param>
/// <param name="ShardId">The shard.</param>
/// <param name="Start">Number of the batch's first record.</param>
/// <param name="End">Number of its last record.</param>
/// <param name="BatchSize">How many records it had.</param>
public sealed record DiscardedDocument(string FunctionArn, string StreamArn, string ShardId, SequenceNumber Start, SequenceNumber End, int BatchSize)
{
    /// <summary>The most documents that are taken at once.</summary>
    public const int DocumentsMax = 100_000;

    private static readonly JsonReaderOptions Options = new() { AllowMultipleValues = true };

    /// <summary>The records themselves, as a bucket gets them; none from other destinations.</summary>
    public ImmutableArray<StreamRecord> Payload { get; init; } = [];

    /// <summary>Reads documents that follow each other: one, or one per line.</summary>
    /// <exception cref="RedriveException">One is none; the message says which and why.</exception>
    public static ImmutableArray<DiscardedDocument> ReadAll(ReadOnlySpan<byte> utf8)
    {
        var documents = ImmutableArray.CreateBuilder<DiscardedDocument>();
        var reader = new Utf8JsonReader(utf8, Options);
        try
        {
            while (reader.Read())
            {
                if (documents.Count == DocumentsMax)
                    throw new RedriveException($"There are more than {DocumentsMax} documents. Give fewer at once.");
                documents.Add(Read(JsonElement.ParseValue(ref reader)));
            }
        }
        catch (Exception mistake) when (mistake is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new RedriveException(
                $"Document {documents.Count + 1} is none of a discarded batch: {mistake.Message} Give what a destination got: a line of a file, the body of a message, or an object.");
        }
        return documents.ToImmutable();
    }

    private static DiscardedDocument Read(JsonElement at)
    {
        JsonElement batch = at.GetProperty("KinesisBatchInfo");
        if (!batch.TryGetProperty("startSequenceNumber", out JsonElement start))
            throw new FormatException("it is the end of a tumbling window, which had no records.");
        var document = new DiscardedDocument(
            Text(at.GetProperty("requestContext").GetProperty("functionArn")),
            Text(batch.GetProperty("streamArn")),
            Text(batch.GetProperty("shardId")),
            SequenceNumber.Parse(Text(start)),
            SequenceNumber.Parse(Text(batch.GetProperty("endSequenceNumber"))),
            batch.GetProperty("batchSize").GetInt32());
        return at.TryGetProperty("payload", out JsonElement payload) ? document with { Payload = RecordsIn(Text(payload)) } : document;
    }

    private static ImmutableArray<StreamRecord> RecordsIn(string eventJson)
    {
        using var parsed = JsonDocument.Parse(eventJson);
        return [.. parsed.RootElement.GetProperty("Records").EnumerateArray().Select(record => RecordIn(record.GetProperty("kinesis"), "partitionKey", "data", "sequenceNumber", "approximateArrivalTimestamp"))];
    }

    /// <summary>A record in an event or in an answer of GetRecords, which name the same things differently.</summary>
    internal static StreamRecord RecordIn(JsonElement at, string key, string data, string number, string arrival) => StreamRecord.Create(
        Text(at.GetProperty(key)),
        at.GetProperty(data).GetBytesFromBase64(),
        SequenceNumber.Parse(Text(at.GetProperty(number))),
        DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(at.GetProperty(arrival).GetDecimal() * 1000)));

    private static string Text(JsonElement at) => at.GetString() ?? throw new FormatException("a text is null.");
}
