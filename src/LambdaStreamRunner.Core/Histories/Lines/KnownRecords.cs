using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Histories.Lines;

/// <summary>The records of one mapping that a history has told of so far: each is written whole once, and named by its number afterwards.</summary>
internal sealed class KnownRecords
{
    private readonly Dictionary<(string ShardId, SequenceNumber Number), StreamRecord> _records = [];

    public static void WriteWhole(Utf8JsonWriter json, in StreamRecord record)
    {
        NumberLine.Write(json, "sequenceNumber", record.SequenceNumber);
        BytesLine.Write(json, "key", record.Key);
        json.WriteNumber("arrivalMs", record.ArrivalMilliseconds);
        json.WriteBase64String("data", record.Data.Span);
    }

    public static void WriteNumbers(Utf8JsonWriter json, ReadOnlySpan<StreamRecord> records)
    {
        json.WriteStartArray("records");
        foreach (ref readonly StreamRecord record in records)
            NumberLine.WriteEntry(json, record.SequenceNumber);
        json.WriteEndArray();
    }

    public StreamRecord ReadWhole(Members line, string shardId)
    {
        byte[] key = line.Bytes("key");
        byte[] data = line.Base64("data");
        byte[] memory = [.. key, .. data];
        long arrival = line.Milliseconds("arrivalMs").ToUnixTimeMilliseconds();
        var record = new StreamRecord(line.SequenceNumber("sequenceNumber"), HashKeyRange.HashOf(key), arrival, memory, 0, key.Length, data.Length);
        _records[(shardId, record.SequenceNumber)] = record;
        return record;
    }

    public StreamRecord[] ReadNumbers(Members line, string shardId) => [.. line.Texts("records").Select(text => Find(text, shardId))];

    private StreamRecord Find(string text, string shardId)
    {
        if (!NumberLine.TryParse(text, out SequenceNumber number))
            throw Members.Wrong("records", $"a list of sequence numbers: '{text}'");
        return _records.TryGetValue((shardId, number), out StreamRecord record) ? record
            : throw new BadLineException($"names record {text} of {shardId}, which has not arrived in a line before.");
    }
}
