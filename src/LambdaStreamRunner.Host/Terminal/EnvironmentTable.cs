using LambdaStreamRunner.Runner.Telemetry;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Terminal;

/// <summary>What became of the execution environments of functions that ran in processes: a row for each function.</summary>
internal static class EnvironmentTable
{
    /// <summary>The table; columns in which nothing happened are left out.</summary>
    public static Table Of(IReadOnlyList<EnvironmentSummary> functions)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("environments of");
        Column[] columns = [.. Columns.Where(column => !column.IsLeftOutAtZero || functions.Any(function => column.Figure(function) != "0"))];
        foreach (Column column in columns)
            table.AddColumn(new TableColumn(column.Name) { Alignment = Justify.Right });
        foreach (EnvironmentSummary function in functions)
            table.AddRow([Markup.Escape(function.Name), .. columns.Select(column => column.Figure(function))]);
        return table;
    }

    private static readonly Column[] Columns =
    [
        new("cold starts", function => Figures.Count(function.ColdStarts)),
        new("init, p50 / p99 / max", function => function.ColdStarts == 0 ? "–" : $"{Figures.Milliseconds(function.InitMs.P50)} / {Figures.Milliseconds(function.InitMs.P99)} / {Figures.Milliseconds(function.InitMs.Max)}"),
        new("most at once", function => Figures.Count(function.MaxEnvironments)),
        new("most memory", function => function.MaxMemoryUsedMB == 0 ? "–" : $"{Figures.Count(function.MaxMemoryUsedMB)} MB"),
        new("retired", function => Figures.Count(function.Retired)) { IsLeftOutAtZero = true },
        new("failed inits", function => Alarming(function.FailedInits)) { IsLeftOutAtZero = true },
        new("timed out", function => Alarming(function.TimedOut)) { IsLeftOutAtZero = true },
        new("crashed", function => Alarming(function.Crashed)) { IsLeftOutAtZero = true },
    ];

    private static string Alarming(long count) => count == 0 ? "0" : $"[yellow]{Figures.Count(count)}[/]";

    /// <summary>A figure of each function.</summary>
    private sealed record Column(string Name, Func<EnvironmentSummary, string> Figure)
    {
        /// <summary>True: it is not shown while it is 0 everywhere.</summary>
        public bool IsLeftOutAtZero { get; init; }
    }
}
