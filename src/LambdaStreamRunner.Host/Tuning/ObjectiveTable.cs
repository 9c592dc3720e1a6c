using System.Text.Json.Nodes;
using LambdaStreamRunner.Host.Reports;
using LambdaStreamRunner.Simulation.Tuning;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Tuning;

/// <summary>Objectives beside what was predicted for a setting.</summary>
internal static class ObjectiveTable
{
    public static void Write(IAnsiConsole console, TunedPoint point, ServiceLevelObjective objective)
    {
        console.Profile.Out.Writer.WriteLine($"Checked: {SettingWords.Whole(point.Setting)}.");
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("objective");
        foreach (string name in (string[])["limit", "predicted", "at most (95 %)", ""])
            table.AddColumn(new TableColumn(name) { Alignment = Justify.Right });
        foreach (ObjectiveReading reading in objective.Read(point))
        {
            ObjectiveLimit limit = reading.Limit;
            table.AddRow(
                limit.Figure.Name, Markup.Escape($"{(limit.Comparison is ObjectiveComparison.Below ? "<" : "<=")} {ObjectiveWording.Value(limit.Figure, limit.Value)}"),
                ObjectiveWording.Value(limit.Figure, reading.Predicted.Mean), ObjectiveWording.Value(limit.Figure, reading.Predicted.High),
                reading.IsMet && point.Figures.IsStable ? "[green]kept[/]" : "[red]broken[/]");
        }
        console.Write(table);
        if (!point.Figures.IsStable)
            console.Profile.Out.Writer.WriteLine("The setting does not keep up with the traffic: its backlog grows without end.");
    }

    /// <summary>For programs.</summary>
    public static JsonObject ToJson(TunedPoint point, ServiceLevelObjective objective) => new()
    {
        ["isMet"] = objective.IsMetBy(point),
        ["isStable"] = point.Figures.IsStable,
        ["setting"] = SettingJson.Of(point.Setting),
        ["objectives"] = new JsonArray([.. objective.Read(point).Select(reading => new JsonObject
        {
            ["objective"] = reading.Limit.ToString(),
            ["figure"] = reading.Limit.Figure.Name,
            ["limit"] = reading.Limit.Value,
            ["predicted"] = new JsonObject { ["mean"] = reading.Predicted.Mean, ["low"] = reading.Predicted.Low, ["high"] = reading.Predicted.High },
            ["isMet"] = reading.IsMet && point.Figures.IsStable,
        })]),
    };
}
