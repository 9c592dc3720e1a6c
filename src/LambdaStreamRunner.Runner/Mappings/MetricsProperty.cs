using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Mappings;

/// <summary>MetricsConfig as the API writes it: there only when it asks for metrics.</summary>
internal static class MetricsProperty
{
    /// <summary>The only metrics that a mapping of a stream can ask for.</summary>
    public const string EventCount = "EventCount";

    public static MappingProperty Make() => new(
        "MetricsConfig",
        mapping => mapping.HasEventCount ? new JsonObject { ["Metrics"] = new JsonArray(EventCount) } : null,
        (mapping, config) => mapping with { HasEventCount = NamesIn(config).Contains(EventCount) });

    /// <summary>The metrics that a MetricsConfig names.</summary>
    public static string[] NamesIn(JsonElement config) =>
        config.ValueKind is JsonValueKind.Object && config.TryGetProperty("Metrics", out JsonElement metrics) && metrics.ValueKind is JsonValueKind.Array
            ? [.. metrics.EnumerateArray().Select(metric => metric.GetString()!)]
            : [];
}
