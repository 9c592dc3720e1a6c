using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Histories.Lines;

/// <summary>The records of one mapping that a history has told of so far: each is written whole once, and named by its number afterwards.</summary>
internal sealed class KnownRecords
{
    private readonly Dictionary<(string ShardId, SequenceNumber Number), StreamRecord> _records = [];
    private readonly Dictionary<string, SequenceNumber> _highest = [];
    private readonly Dictionary<(string ShardId, Guid RequestId), int> _running = [];

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
        CheckOrder(shardId, record.SequenceNumber);
        _records[(shardId, record.SequenceNumber)] = record;
        return record;
    }

    public StreamRecord[] ReadNumbers(Members line, string shardId) => [.. line.Texts("records").Select(text => Find(text, shardId))];

    /// <summary>An invocation has begun: notes how many records its outcome can be about.</summary>
    public void Begin(HistoryStep.InvocationStarted started)
    {
        (string, Guid) id = (started.ShardId, started.RequestId);
        _running[id] = Math.Min(started.Records.Length, _running.GetValueOrDefault(id, int.MaxValue));
    }

    /// <summary>It has ended: how many records it had; more than there can be when nobody told of its begin.</summary>
    public int End(string shardId, Guid requestId) => _running.Remove((shardId, requestId), out int count) ? count : int.MaxValue;

    private void CheckOrder(string shardId, SequenceNumber number)
    {
        if (number == default)
            throw Members.Wrong("sequenceNumber", "above 0");
        SequenceNumber highest = _highest.GetValueOrDefault(shardId);
        if (number > highest)
            _highest[shardId] = number;
        else if (!_records.ContainsKey((shardId, number)))
            throw new BadLineException($"tells of record {number} of {shardId} after {highest}, which is higher; records arrive in the order of their shard.");
    }

    private StreamRecord Find(string text, string shardId)
    {
        if (!NumberLine.TryParse(text, out SequenceNumber number))
            throw Members.Wrong("records", $"a list of sequence numbers: '{text}'");
        return _records.TryGetValue((shardId, number), out StreamRecord record) ? record
            : throw new BadLineException($"names record {text} of {shardId}, which has not arrived in a line before.");
    }
}
