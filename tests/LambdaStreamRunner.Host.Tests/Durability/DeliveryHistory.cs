using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Host.Tests.Durability;

/// <summary>What a function saw over several lives of a process, by its own record: a line per record and delivery, and one per success.</summary>
/// <param name="deliveries">The function's file: <c>d shardId:sequenceNumber</c>, then <c>s shardId:sequenceNumber</c>.</param>
/// <param name="discards">The file of the on-failure destination.</param>
internal sealed class DeliveryHistory(string deliveries, string discards)
{
    private readonly HashSet<SequenceNumber> _succeeded = [];
    private readonly HashSet<SequenceNumber> _discarded = [];
    private readonly Dictionary<string, SequenceNumber> _newestOfKey = [];

    public long Deliveries { get; private set; }

    public long Repeated { get; private set; }

    public int Discarded => _discarded.Count;

    /// <summary>What is wrong; null when nothing is.</summary>
    public string? WhatIsWrong(IReadOnlyDictionary<SequenceNumber, StoredRecord> stored, IReadOnlyList<LifeStart> starts)
    {
        foreach (string line in File.ReadLines(discards))
        {
            if (Discard(line, stored) is { } wrong)
                return wrong;
        }
        long position = 0;
        int life = 0;
        foreach (string line in File.ReadLines(deliveries))
        {
            while (life + 1 < starts.Count && position >= starts[life + 1].Length)
                life++;
            position += line.Length + 1;
            if (life + 1 < starts.Count && position == starts[life + 1].Length)
                continue;                                     // empty, or torn by the kill: it tells nothing
            if (line.Length > 0 && Take(line, stored, starts[life]) is { } wrong)
                return $"Life {life}: {wrong}";
        }
        foreach ((SequenceNumber number, StoredRecord record) in stored)
        {
            if (!_succeeded.Contains(number) && !_discarded.Contains(number))
                return $"{number} ({record.Key}) was lost.";
        }
        return null;
    }

    private string? Discard(string document, IReadOnlyDictionary<SequenceNumber, StoredRecord> stored)
    {
        JsonElement batch = JsonSerializer.Deserialize<JsonElement>(document).GetProperty("KinesisBatchInfo");
        var number = SequenceNumber.Parse(batch.GetProperty("startSequenceNumber").GetString());
        if (batch.GetProperty("batchSize").GetInt32() != 1 || !stored.TryGetValue(number, out StoredRecord record) || !record.IsPoison)
            return $"A batch was discarded that is not one poisonous record: {document}";
        _discarded.Add(number);
        return null;
    }

    private string? Take(string line, IReadOnlyDictionary<SequenceNumber, StoredRecord> stored, LifeStart start)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !SequenceNumber.TryParse(line.AsSpan(colon + 1), out SequenceNumber number) || !stored.TryGetValue(number, out StoredRecord record))
            return $"'{line}' is no record of the stream.";
        if (line[0] == 'd')
        {
            Deliveries++;
            return start.Checkpoints.TryGetValue(line[2..colon], out ShardPosition checkpoint) && IsBefore(number, checkpoint)
                ? $"{line} was delivered again, and the checkpoint stood {checkpoint}."
                : null;
        }
        if (record.IsPoison)
            return $"{line} succeeded, and never does.";
        if (!_succeeded.Add(number))
        {
            Repeated++;
            return null;
        }
        if (_newestOfKey.TryGetValue(record.Key, out SequenceNumber newest) && number < newest)
            return $"{line} ({record.Key}) succeeded for the first time after {newest} of its key.";
        _newestOfKey[record.Key] = number;
        return null;
    }

    private static bool IsBefore(SequenceNumber number, ShardPosition checkpoint) => checkpoint.Type switch
    {
        ShardIteratorType.AtSequenceNumber => number < checkpoint.SequenceNumber,
        ShardIteratorType.AfterSequenceNumber => number <= checkpoint.SequenceNumber,
        _ => false,
    };
}

/// <summary>Where a process began.</summary>
/// <param name="Length">Bytes that the function had written before.</param>
/// <param name="Checkpoints">By shard.</param>
internal sealed record LifeStart(long Length, Dictionary<string, ShardPosition> Checkpoints);
