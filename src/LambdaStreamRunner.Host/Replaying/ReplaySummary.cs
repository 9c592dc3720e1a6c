using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Core.Guarantees;
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
                verdict.Count, [.. verdict.Violations.Select(violation => Broken.Of(violation, mapping))]);
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
        string Kind, string ShardId, int? Step, double? Seconds, DateTimeOffset? Time, string? SequenceNumber, Guid? RequestId, string Message)
    {
        public static Broken Of(Violation violation, MappingHistory mapping) => new(
            violation.Kind.ToString(), violation.ShardId, violation.StepIndex,
            violation.StepIndex is { } step ? (mapping.Steps[step].Time - mapping.Steps[0].Time).TotalSeconds : null,
            violation.Time, violation.SequenceNumber == default ? null : violation.SequenceNumber.ToString(), violation.RequestId, violation.Message);
    }
}
