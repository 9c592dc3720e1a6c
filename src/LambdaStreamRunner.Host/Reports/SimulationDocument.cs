using System.Text.Json;
using System.Text.Json.Nodes;

namespace LambdaStreamRunner.Host.Reports;

/// <summary>The one JSON document of <c>simulate --json</c>: the setting by AWS's names, then all figures.</summary>
internal static class SimulationDocument
{
    /// <summary>The document, indented.</summary>
    public static string ToJson(SimulatedRun run)
    {
        JsonObject json = new()
        {
            ["setting"] = SettingJson.Of(run.Setting),
            ["figures"] = JsonSerializer.SerializeToNode(FiguresDocument.Of(run.Figures, FiguresDetail.Course), TuningDocument.Options),
            ["costPerMillion"] = run.Cost is { } cost ? TuningDocument.CostOf(cost) : null,
            ["inputs"] = new JsonObject
            {
                ["traffic"] = run.Traffic,
                ["handler"] = TuningDocument.HandlerOf(run.Handler),
                ["failures"] = TuningDocument.FailuresOf(run.Failures),
                ["seed"] = run.Seed,
                ["prices"] = run.Prices,
            },
        };
        return json.ToJsonString(TuningDocument.Options);
    }
}
