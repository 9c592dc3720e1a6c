using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Core.Histories;

namespace LambdaStreamRunner.Host.Replaying;

/// <summary>The one JSON document of <c>replay --json</c>.</summary>
internal sealed record ReplaySummary(
    string File, string? Title, long? Seed, bool IsTorn, IReadOnlyList<string> Remarks, IReadOnlyList<ReplaySummary.Mapping> Mappings, long ViolationCount)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReplaySummary Of(string file, History history, IReadOnlyList<Verdict> verdicts) => new(
        file, history.Title, history.Seed, history.IsTorn, history.Remarks,
        [.. history.Mappings.Zip(verdicts, Mapping.Of)], verdicts.Sum(verdict => verdict.Count));

    public string ToJson() => JsonSerializer.Serialize(this, Options);

    internal sealed record Mapping(
        string Name, JsonNode Settings, int Changes, int Steps, int Records, int Filtered, int Discarded, int Unsettled, int Starts,
        int Invocations, int FailedInvocations, int Throttles, IReadOnlyList<Lane> Lanes, long ViolationCount, IReadOnlyList<Broken> Violations)
    {
        public static Mapping Of(MappingHistory mapping, Verdict verdict)
        {
            var figures = new HistoryFigures(mapping.Steps);
            return new Mapping(
                mapping.Mapping.Name, SettingsOf(mapping.Mapping), mapping.Changes.Length, mapping.Steps.Count,
                figures.Records, figures.Filtered, figures.Discarded, figures.Unsettled, figures.Starts,
                figures.Lanes.Sum(lane => lane.Invocations), figures.Lanes.Sum(lane => lane.Failed), figures.Lanes.Sum(lane => lane.Throttles),
                [.. figures.Shards.SelectMany(shard => shard.Lanes.Values.Select(lane => new Lane(
                    shard.ShardId, lane.Lane, lane.Invocations, lane.Failed, lane.Throttles, lane.Records, (long)lane.Busy.TotalMilliseconds)))],
                verdict.Count, [.. verdict.Broken.Select(broken => Broken.Of(broken, mapping))]);
        }

        // As they are in the file: by AWS's names.
        private static JsonNode SettingsOf(HistoryMapping mapping)
        {
            byte[] lines = HistoryWriter.Write(new History { Mappings = [new MappingHistory(mapping, [])] });
            return JsonNode.Parse(lines.AsSpan(lines.AsSpan().IndexOf((byte)'\n') + 1))!["settings"]!;
        }
    }

    internal sealed record Lane(string ShardId, int Number, int Invocations, int FailedInvocations, int Throttles, int Records, long BusyMs);

    internal sealed record Broken(
        string Kind, string? ShardId, int? Step, double? Seconds, string? SequenceNumber, Guid? RequestId, string Message, Uri? Page)
    {
        public static Broken Of(BrokenGuarantee broken, MappingHistory mapping)
        {
            HistoryStep? step = broken.StepIndex is { } index && index >= 0 && index < mapping.Steps.Count ? mapping.Steps[index] : null;
            return new Broken(
                broken.Name, step?.ShardId, broken.StepIndex, (step?.Time - mapping.Steps[0].Time)?.TotalSeconds,
                broken.SequenceNumber == default ? null : broken.SequenceNumber.ToString(), broken.RequestId, broken.Message, broken.Page);
        }
    }
}
