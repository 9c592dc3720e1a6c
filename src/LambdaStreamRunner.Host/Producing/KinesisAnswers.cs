using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LambdaStreamRunner.Host.Producing;

/// <summary>Reads what endpoints answer. Anything may listen on a port: whatever it says, the worst is a <see cref="ProducerException"/> that quotes it.</summary>
internal static class KinesisAnswers
{
    /// <summary>Bytes of a strange answer that a complaint quotes.</summary>
    private const int QuotedBytesMax = 500;

    /// <summary>The results of a PutRecords.</summary>
    /// <exception cref="ProducerException">It is none, or none of a request with so many entries.</exception>
    public static IReadOnlyList<EntryResult> Results(ReadOnlySpan<byte> answer, int entries)
    {
        if (Read<PutRecordsAnswer>(answer) is not { Records: { } records } read)
            throw NoKinesis(answer);
        if (records.Length != entries)
            throw new ProducerException($"The endpoint answers {records.Length} results to {entries} records, so nobody knows which of them were put: {Quote(answer)}");
        if (Array.Exists(records, record => record is null or { ErrorCode: null, SequenceNumber: null }))
            throw new ProducerException($"The endpoint answers a result that has neither a SequenceNumber nor an ErrorCode: {Quote(answer)}");
        int failed = records.Count(record => record!.ErrorCode is not null);
        if (read.FailedRecordCount is { } said && said != failed)
            throw new ProducerException($"The endpoint answers {failed} failed records and says that there are {said}: {Quote(answer)}");
        return [.. records.Select(record => record!.ErrorCode is { } code ? new EntryResult($"{code}: {record.ErrorMessage}", null) : new EntryResult(null, record.ShardId))];
    }

    /// <summary>The open shards of one page of a ListShards, and the token of the next page. Null when it is none.</summary>
    public static (IReadOnlyList<ShardMap.OpenShard> Open, string? NextToken)? Shards(ReadOnlySpan<byte> answer)
    {
        if (Read<ListShardsAnswer>(answer) is not { Shards: { } shards } read)
            return null;
        List<ShardMap.OpenShard> open = [];
        foreach (ShardAnswer? shard in shards)
        {
            if (shard is not { ShardId: { } id, HashKeyRange: { } range } || !TryRead(range.StartingHashKey, out UInt128 from) || !TryRead(range.EndingHashKey, out UInt128 to))
                return null;
            if (shard.SequenceNumberRange?.EndingSequenceNumber is null)
                open.Add(new ShardMap.OpenShard(id, from, to));
        }
        return (open, read.NextToken);
    }

    /// <summary>An error in Kinesis' words; null when it is in other words.</summary>
    public static KinesisError? Error(ReadOnlySpan<byte> answer) =>
        Read<ErrorAnswer>(answer) is { Type: { } type } error
            ? new KinesisError(type[(type.LastIndexOf('#') + 1)..], error.Message ?? error.CapitalMessage ?? "")
            : null;

    public static ProducerException NoKinesis(ReadOnlySpan<byte> answer) => new($"The endpoint is no Kinesis: it answers {Quote(answer)}");

    public static string Quote(ReadOnlySpan<byte> answer) => Encoding.UTF8.GetString(answer[..Math.Min(answer.Length, QuotedBytesMax)]);

    private static T? Read<T>(ReadOnlySpan<byte> answer)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(answer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool TryRead(string? hashKey, out UInt128 value) => UInt128.TryParse(hashKey, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private sealed record PutRecordsAnswer(int? FailedRecordCount, ResultAnswer?[]? Records);

    private sealed record ResultAnswer(string? ErrorCode, string? ErrorMessage, string? SequenceNumber, string? ShardId);

    private sealed record ListShardsAnswer(ShardAnswer?[]? Shards, string? NextToken);

    private sealed record ShardAnswer(string? ShardId, RangeAnswer? HashKeyRange, NumbersAnswer? SequenceNumberRange);

    private sealed record RangeAnswer(string? StartingHashKey, string? EndingHashKey);

    private sealed record NumbersAnswer(string? EndingSequenceNumber);

    private sealed record ErrorAnswer(
        [property: JsonPropertyName("__type")] string? Type,
        [property: JsonPropertyName("message")] string? Message,
        [property: JsonPropertyName("Message")] string? CapitalMessage);
}

/// <summary>An error as Kinesis names it.</summary>
/// <param name="Type">As "ResourceNotFoundException".</param>
/// <param name="Message">For people.</param>
internal sealed record KinesisError(string Type, string Message)
{
    /// <summary>True when the same request may do better a little later.</summary>
    public bool IsThrottling => Type is "ProvisionedThroughputExceededException" or "LimitExceededException" or "ThrottlingException" or "KMSThrottlingException" or "RequestLimitExceeded";

    public override string ToString() => $"{Type}: {Message}";
}
