using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads a mapping's <c>MetricsConfig</c>.</summary>
internal static class MetricsSection
{
    public static readonly SectionNames Names = new("MetricsConfig", ["Metrics"], []);

    private const string Only = "EventCount";

    /// <summary>True when the metrics of events are asked for, which is all that a mapping of a stream can ask for.</summary>
    public static bool HasEventCount(JsonValue.Object? at, Problems problems)
    {
        if (at is null)
            return false;
        JsonValue.Array? metrics = new Section(at, Names, problems).List("Metrics");
        foreach (JsonValue item in metrics?.Items ?? [])
        {
            if (item is not JsonValue.Text text || !text.Value.Equals(Only, StringComparison.OrdinalIgnoreCase))
                problems.Error(item, $"is {item.Quoted}; for a stream it can be \"{Only}\".");
        }
        if (metrics is { Items.Length: > 1 })
            problems.Error(metrics, $"has {metrics.Items.Length} items. Write [\"{Only}\"] or [].");
        return metrics is { Items.Length: > 0 };
    }
}
