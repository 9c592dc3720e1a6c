using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>Pieces of answers that several actions write.</summary>
internal static class KinesisJson
{
    /// <summary>Texts as they are: the answers are JSON documents, never part of a page.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Epoch seconds with at most three decimals.</summary>
    public static void WriteTimestamp(this Utf8JsonWriter json, string name, DateTimeOffset time) =>
        json.WriteNumber(name, time.ToUnixTimeMilliseconds() / 1000m);

    /// <summary>A number as its decimal digits in quotes.</summary>
    public static void WriteSequenceNumber(this Utf8JsonWriter json, string name, SequenceNumber number)
    {
        Span<byte> digits = stackalloc byte[SequenceNumber.DigitsMax];
        json.WriteString(name, digits[..number.Format(digits)]);
    }

    /// <summary>One shard of a description or list.</summary>
    public static void WriteShard(this Utf8JsonWriter json, Shard shard)
    {
        json.WriteStartObject();
        json.WriteString("ShardId", shard.Id);
        if (shard.Parent is { } parent)
            json.WriteString("ParentShardId", parent.Id);
        if (shard.AdjacentParent is { } adjacent)
            json.WriteString("AdjacentParentShardId", adjacent.Id);
        json.WriteHashKeyRange(shard.HashKeyRange);
        json.WriteStartObject("SequenceNumberRange");
        json.WriteSequenceNumber("StartingSequenceNumber", shard.StartingSequenceNumber);
        if (shard.EndingSequenceNumber is { } ending)
            json.WriteSequenceNumber("EndingSequenceNumber", ending);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Both ends, in decimal digits.</summary>
    public static void WriteHashKeyRange(this Utf8JsonWriter json, HashKeyRange range)
    {
        json.WriteStartObject("HashKeyRange");
        json.WriteString("StartingHashKey", range.StartingHashKey.ToString(CultureInfo.InvariantCulture));
        json.WriteString("EndingHashKey", range.EndingHashKey.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    /// <summary>What descriptions, summaries and lists of streams say alike.</summary>
    public static void WriteStreamIdentity(this Utf8JsonWriter json, EmbeddedStream stream)
    {
        json.WriteString("StreamName", stream.Name);
        json.WriteString("StreamARN", stream.Arn);
        json.WriteString("StreamStatus", stream.Status.ToString().ToUpperInvariant());
        json.WriteStartObject("StreamModeDetails");
        json.WriteString("StreamMode", stream.Settings.Mode is StreamMode.OnDemand ? "ON_DEMAND" : "PROVISIONED");
        json.WriteEndObject();
        json.WriteTimestamp("StreamCreationTimestamp", stream.Records.Created);
    }

    /// <summary>What descriptions and summaries say alike.</summary>
    public static void WriteStreamSettings(this Utf8JsonWriter json, EmbeddedStream stream)
    {
        json.WriteNumber("RetentionPeriodHours", stream.Settings.RetentionPeriodHours);
        json.WriteStartArray("EnhancedMonitoring");
        json.WriteStartObject();
        json.WriteStartArray("ShardLevelMetrics");
        foreach (string metric in stream.Settings.ShardLevelMetrics)
            json.WriteStringValue(metric);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("EncryptionType", stream.EncryptionType ?? "NONE");
        if (stream.Settings.KeyId is { } keyId)
            json.WriteString("KeyId", keyId);
    }

    /// <summary>Tags as lists of them are answered.</summary>
    public static void WriteTags(this Utf8JsonWriter json, ReadOnlySpan<KeyValuePair<string, string>> tags)
    {
        json.WriteStartArray("Tags");
        foreach ((string key, string value) in tags)
        {
            json.WriteStartObject();
            json.WriteString("Key", key);
            json.WriteString("Value", value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>What an ON_DEMAND stream was warmed up for, and how far it is; nothing when nobody asked for it.</summary>
    public static void WriteWarmThroughput(this Utf8JsonWriter json, EmbeddedStream stream)
    {
        if (stream.Settings.WarmThroughputMiBps is not { } target)
            return;
        json.WriteStartObject("WarmThroughput");
        json.WriteNumber("TargetMiBps", target);
        json.WriteNumber("CurrentMiBps", Math.Min(target, stream.Records.OpenShardCount));
        json.WriteEndObject();
    }
}
