using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Reports;

/// <summary>The data of the page: the document of <c>--json</c>, and what only pictures need, small enough to be looked at.</summary>
internal static class ReportPage
{
    /// <summary>Explored settings that are drawn; the others are counted.</summary>
    public const int ExploredMax = 2_000;

    /// <summary>Stretches of the course: more than a screen has columns for would not be seen.</summary>
    public const int CourseMax = 600;

    /// <summary>Invocations of the worst minute that are drawn.</summary>
    public const int SpansMax = 3_000;

    /// <summary>Lanes of the worst minute that are drawn.</summary>
    public const int LanesMax = 40;

    public static JsonObject Of(TuningResult result, Verification? verification, ReportOrigin origin)
    {
        JsonObject data = TuningDocument.Of(result, verification, origin);
        string[] common = SettingWords.CommonTo([.. result.Explored, .. result.Frontier]);
        JsonArray explored = ExploredOf(result, common);
        (data["chosen"]?["figures"] as JsonObject)?.Remove("lanes");          // they have a place of their own, and may be thousands
        TunedPoint? subject = result.Chosen ?? result.NearestFeasible ?? result.Knee;
        data["page"] = new JsonObject
        {
            ["sentence"] = VerdictWords.Of(result, verification).Sentence,
            ["settingWords"] = subject is null ? null : SettingWords.Whole(subject.Setting),
            ["chosenIndex"] = IndexOf(result, result.Chosen),
            ["kneeIndex"] = IndexOf(result, result.Knee),
            ["objectiveMs"] = ObjectiveMs(result.Inputs.Objective),
            ["common"] = string.Join(", ", common),
            ["explored"] = explored,
            ["exploredLeftOut"] = result.Explored.Length - explored.Count,
            ["cards"] = subject is null ? new JsonArray() : CardsOf(subject),
            ["course"] = subject is null ? new JsonArray() : CourseOf(subject.Figures.Course),
            ["worstMinute"] = subject is null ? null : WorstMinuteOf(subject.Figures),
            ["lanes"] = subject is null ? null : LanesOf(subject),
            ["snippets"] = result.Chosen is { } chosen ? SnippetsOf(chosen.Setting, origin) : new JsonArray(),
        };
        return data;
    }

    private static int IndexOf(TuningResult result, TunedPoint? point) =>
        point is null ? -1 : result.Frontier.Select((other, index) => (other, index)).Where(at => at.other.Setting.IsSameAs(point.Setting)).Select(at => at.index).DefaultIfEmpty(-1).First();

    // A limit of the figure that the picture shows is a line in it; others have no place there.
    private static double? ObjectiveMs(string? objective) => objective is null ? null : ServiceLevelObjective.Parse(objective).Limits
        .Where(limit => limit.Figure.Name == "iteratorAge.p99").Select(limit => (double?)limit.Value).FirstOrDefault();

    private static JsonArray ExploredOf(TuningResult result, IReadOnlyList<string> common)
    {
        // Spread evenly over the search, so that no region of the picture is missing.
        int step = Math.Max(1, (result.Explored.Length + ExploredMax - 1) / ExploredMax);
        return [.. result.Explored.Where((_, index) => index % step == 0).Select(point => (JsonNode)new JsonArray(
            Rounded.ToMicroDollar(point.Cost.Total), Rounded.ToTenth(point.IteratorAgeP99.Mean), Rounded.ToTenth(point.LatencyP99.Mean), Rounded.ToTenth(point.DuplicatesPerThousand.Mean),
            Rounded.ToTenth(point.PeakConcurrency.Mean), Rounded.ToTenth(point.Figures.Batches.Mean), point.Setting.Shards, point.Setting.Mapping.BatchSize,
            (int)point.Setting.Mapping.MaximumBatchingWindow.TotalSeconds, point.Setting.Mapping.ParallelizationFactor, string.Join(", ", SettingWords.Others(point.Setting).Except(common))))];
    }

    private static JsonArray CardsOf(TunedPoint subject)
    {
        IEnumerable<FigureCard> cards = FigureCards.Of(subject).All;
        return [.. cards.Select(card => JsonSerializer.SerializeToNode(card, TuningDocument.Options))];
    }

    private static JsonArray CourseOf(ImmutableArray<CoursePoint> course)
    {
        int size = Math.Max(1, (course.Length + CourseMax - 1) / CourseMax);
        return [.. course.Chunk(size).Select(stretch => (JsonNode)new JsonArray(
            Rounded.ToTenth(stretch[0].At.TotalMilliseconds), Rounded.ToTenth(stretch.Average(point => point.ArrivalsPerSecond)),
            Rounded.ToTenth(stretch.Max(point => point.IteratorAgeMs)), Rounded.ToHundredth(stretch.Average(point => point.Concurrency)), stretch[^1].Backlog))];
    }

    private static JsonObject WorstMinuteOf(SimulationFigures figures)
    {
        ImmutableArray<LaneSpan> spans = figures.WorstMinute;
        (int Shard, int Lane)[] lanes = [.. spans.GroupBy(span => (span.Shard, span.Lane))
            .OrderByDescending(lane => lane.Count(span => span.Outcome is not SpanOutcome.Succeeded)).ThenByDescending(lane => lane.Sum(span => (span.Until - span.From).Ticks))
            .Take(LanesMax).Select(lane => lane.Key).Order()];
        LaneSpan[] drawn = [.. spans.Where(span => lanes.Contains((span.Shard, span.Lane)))
            .OrderBy(span => span.Outcome is SpanOutcome.Succeeded).ThenByDescending(span => span.Until - span.From).Take(SpansMax).OrderBy(span => span.From)];
        return new JsonObject
        {
            ["lanes"] = new JsonArray([.. lanes.Select(lane => new JsonArray(lane.Shard, lane.Lane))]),
            ["spans"] = new JsonArray([.. drawn.Select(span => (JsonNode)new JsonArray(
                Array.IndexOf(lanes, (span.Shard, span.Lane)), Rounded.ToTenth(span.From.TotalMilliseconds), Rounded.ToTenth(span.Until.TotalMilliseconds), span.Records, span.Attempt, (int)span.Outcome))]),
            ["leftOut"] = spans.Length - drawn.Length,
        };
    }

    private static JsonArray LanesOf(TunedPoint subject) => [.. subject.Figures.Lanes.OrderByDescending(lane => lane.Busy).Take(LanesMax * 3)
        .OrderBy(lane => (lane.Shard, lane.Lane)).Select(lane => JsonSerializer.SerializeToNode(FiguresDocument.Lane.Of(lane), TuningDocument.Options))];

    private static JsonArray SnippetsOf(TunedSetting setting, ReportOrigin origin) => [.. new MappingSnippets(setting, origin.Stream, origin.Function).All
        .Select(snippet => JsonSerializer.SerializeToNode(snippet, TuningDocument.Options))];
}
