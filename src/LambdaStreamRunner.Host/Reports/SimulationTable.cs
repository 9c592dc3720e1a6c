using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Simulation.Figures;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Reports;

/// <summary>The figures of one simulation, for a terminal of 80 columns or a log.</summary>
internal static class SimulationTable
{
    /// <summary>Lanes that have a bar of their own; of more, the busiest are shown.</summary>
    private const int LanesMax = 16;

    /// <summary>Keys that are listed.</summary>
    private const int KeysMax = 5;

    private const int KeyLengthMax = 20;

    private const int BarWidth = 40, SparklineWidth = 60;

    public static void Write(IAnsiConsole console, SimulatedRun run)
    {
        console.WriteLine($"Traffic: {run.Traffic}. Seed {run.Seed}.");
        console.WriteLine($"Setting: {SettingWords.Whole(run.Setting)}.");
        if (!run.Figures.IsStable)
            console.MarkupLine("[red]Not stable: records come faster than they are processed, and the backlog grew until the end. The figures tell how far it came.[/]");
        console.WriteLine();
        WriteCards(console, new FigureCards(run.Setting, run.Figures, run.Cost).All);
        WriteLatency(console, run.Figures);
        WriteCourse(console, run.Figures);
        WriteLanes(console, run.Figures);
        WriteKeys(console, run.Figures);
        if (run.Prices is { } prices)
            console.WriteLine($"Prices: {prices}.");
    }

    private static void WriteCards(IAnsiConsole console, IEnumerable<FigureCard> cards)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        foreach (FigureCard card in cards)
            grid.AddRow(new Text(card.Title), new Markup($"[bold]{Markup.Escape(card.Value)}[/]"), new Text(string.Join("\n", card.Details)));
        console.Write(grid);
    }

    private static void WriteLatency(IAnsiConsole console, SimulationFigures figures)
    {
        LatencyParts parts = figures.LatencyParts;
        (string Name, Distribution Spread, string Colour)[] rows =
        [
            ("poll", parts.Poll, "blue"), ("window", parts.Window, "yellow"), ("waiting", parts.Waiting, "red"), ("handler", parts.Handler, "green"), ("retry", parts.Retry, "magenta"),
        ];
        double whole = Math.Max(1e-9, rows.Sum(row => row.Spread.Mean));
        Heading(console, "Where the time goes, in the mean");
        Bars(console, rows.Select(row => (row.Name, row.Spread.Mean / whole, $"{Amounts.Ms(row.Spread.Mean)}  p99 {Amounts.Ms(row.Spread.P99)}", row.Colour)));
    }

    private static void WriteCourse(IAnsiConsole console, SimulationFigures figures)
    {
        if (figures.Course.IsEmpty)
            return;
        Heading(console, "Iterator age over time");
        double[] ages = [.. figures.Course.Select(point => point.IteratorAgeMs)];
        console.WriteLine($"  {Sparkline.Of(ages, SparklineWidth)}  up to {Amounts.Ms(ages.Max())}");
    }

    private static void WriteLanes(IAnsiConsole console, SimulationFigures figures)
    {
        if (figures.Lanes.IsEmpty)
            return;
        LaneFigures[] busiest = [.. figures.Lanes.OrderByDescending(lane => lane.Busy).Take(LanesMax).OrderBy(lane => (lane.Shard, lane.Lane))];
        Heading(console, busiest.Length < figures.Lanes.Length ? $"The {LanesMax} busiest of {Figures.Count(figures.Lanes.Length)} lanes" : "Lanes");
        Bars(console, busiest.Select(lane => ($"shard {lane.Shard} lane {lane.Lane}", lane.Busy, Amounts.Percent(lane.Busy), lane.Busy > 0.9 ? "red" : "blue")));
    }

    private static void WriteKeys(IAnsiConsole console, SimulationFigures figures)
    {
        if (figures.HotKeys.IsEmpty)
            return;
        Heading(console, "Hot keys: what part of a lane each needs alone");
        Bars(console, figures.HotKeys.Take(KeysMax).Select(key => (Shortened(key.Key), Math.Min(1, key.LaneLoad), Amounts.Digits(key.LaneLoad), key.LaneLoad >= 0.9 ? "red" : "blue")));
    }

    // Spectre's BarChart scales to its largest value, and says nothing without colours: here a full bar is the whole, and a blank has a width.
    private static void Bars(IAnsiConsole console, IEnumerable<(string Name, double Share, string Value, string Colour)> bars)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(2, 0, 2, 0) });
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 0, 0) });
        foreach ((string name, double share, string value, string colour) in bars)
        {
            int filled = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth);
            grid.AddRow(new Text(name), new Markup($"[{colour}]{new string('█', filled)}[/][grey]{new string('·', BarWidth - filled)}[/]"), new Text(value));
        }
        console.Write(grid);
    }

    private static void Heading(IAnsiConsole console, string text)
    {
        console.WriteLine();
        console.MarkupLine($"[bold]{Markup.Escape(text)}[/]");
    }

    private static string Shortened(string key) => VisibleText.Of(key, KeyLengthMax);
}
