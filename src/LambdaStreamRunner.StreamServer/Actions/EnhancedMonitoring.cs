using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>What the two actions that change shard-level metrics do alike (Kinesis reference 2.6).</summary>
internal static class EnhancedMonitoring
{
    public static ImmutableArray<Member> Members { get; } =
    [
        .. Protocol.Members.Stream,
        new("ShardLevelMetrics", MemberType.List)
        {
            IsRequired = true,
            LengthMin = 1,
            LengthMax = ShardMetrics.Names.Length,
            Element = new Member("ShardLevelMetric", MemberType.String) { Values = [.. ShardMetrics.Names, ShardMetrics.All] },
        },
    ];

    /// <summary>Changes what is on, and answers with what was and what is.</summary>
    /// <param name="request">Names the stream and the metrics.</param>
    /// <param name="service">Has the stream.</param>
    /// <param name="answer">Takes the answer.</param>
    /// <param name="isOnAfter">Whether a metric is on afterwards: by whether it was, and whether it is named.</param>
    public static void Change(Arguments request, KinesisService service, IBufferWriter<byte> answer, Func<bool, bool, bool> isOnAfter)
    {
        EmbeddedStream stream = service.StreamOf(request);
        ImmutableArray<string> named = ShardMetrics.Of([.. request.Texts("ShardLevelMetrics")]);
        ImmutableArray<string> before = [];
        StreamSettings changed = stream.Change(settings =>
        {
            stream.RefuseUnlessActive();
            before = settings.ShardLevelMetrics;
            return settings with
            {
                ShardLevelMetrics = [.. ShardMetrics.Names.Where(metric => isOnAfter(before.Contains(metric), named.Contains(metric)))],
            };
        });

        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("StreamName", stream.Name);
        WriteMetrics(json, "CurrentShardLevelMetrics", before);
        WriteMetrics(json, "DesiredShardLevelMetrics", changed.ShardLevelMetrics);
        json.WriteString("StreamARN", stream.Arn);
        json.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter json, string name, ImmutableArray<string> metrics)
    {
        json.WriteStartArray(name);
        foreach (string metric in metrics)
            json.WriteStringValue(metric);
        json.WriteEndArray();
    }
}
