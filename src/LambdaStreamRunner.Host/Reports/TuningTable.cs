using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Simulation.Tuning;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Reports;

/// <summary>What a search found, for a terminal of 80 columns or a log.</summary>
internal static class TuningTable
{
    /// <summary>Reasons for pruning that are written out; the others are counted together.</summary>
    private const int ReasonsShownMax = 6;

    /// <summary>Writes the frontier, then advice, verification and what was ruled out.</summary>
    public static void Write(IAnsiConsole console, TuningResult result, Verification? verification)
    {
        WriteInputs(console, result);
        VerdictWords verdict = VerdictWords.Of(result, verification);
        if (result.Frontier.IsEmpty)
            console.WriteLine(WhyNothing(result));
        else
            WriteFrontier(console, result, verdict);
        WriteVerdict(console, result, verdict);
        WriteOtherLanePolicy(console, result);
        if (verification is not null)
            VerificationTable.Write(console, verification);
        foreach (string sentence in result.Advice)
            Item(console, VisibleText.Whole(sentence));
        WritePruned(console, result);
    }

    private static void WriteInputs(IAnsiConsole console, TuningResult result)
    {
        TuningInputs inputs = result.Inputs;
        console.WriteLine($"Traffic: {inputs.Traffic}.");
        string objective = inputs.Objective is null ? "" : $" Objective: {inputs.Objective}.";
        console.WriteLine($"{Figures.Some(inputs.Settings, "setting")} of the grid, {Figures.Count(result.Explored.Length)} simulated, "
            + $"{Figures.Count(result.Frontier.Length)} on the frontier.{objective}");
        if (!result.IsComplete)
            console.MarkupLine("[yellow]The search was interrupted: this is the frontier so far.[/]");
    }

    private static string WhyNothing(TuningResult result) => result.Pruned.MaxBy(pruned => pruned.Count) is { } most
        ? $"No setting was left to compare. {Figures.Count(most.Count)} of {Figures.Some(result.Inputs.Settings, "setting")} were ruled out for one reason: {VisibleText.Whole(most.Reason)}"
        : "No setting was left to compare.";

    private static void WriteFrontier(IAnsiConsole console, TuningResult result, VerdictWords verdict)
    {
        string[] common = SettingWords.CommonTo(result.Frontier);
        bool othersVary = result.Frontier.Any(point => SettingWords.Others(point.Setting).Except(common).Any());
        var table = new Table { Border = TableBorder.None };
        string[] columns = ["", "shards", "batch", "window", "PF", "$ per\nmillion", "iterator\nage p99", "latency\np50 / p99", "dup\n/1000", "peak\nconc", "mean\nbatch"];
        foreach (string column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)) { Alignment = Justify.Right, Padding = new Padding(0, 0, 1, 0), NoWrap = true });
        if (othersVary)
            table.AddColumn(new TableColumn("other") { Padding = new Padding(0, 0, 0, 0) });
        foreach (TunedPoint point in RowsOf(result))
            AddRow(table, result, point, othersVary ? string.Join(", ", SettingWords.Others(point.Setting).Except(common)) : null);
        console.Write(table);
        console.WriteLine($"* {verdict.Word}   k knee: paying more begins to buy little   ± confidence interval of 95 %");
        if (common.Length > 0)
            console.WriteLine($"All with {string.Join(", ", common)}.");
    }

    // The chosen one belongs to the frontier; should an objective choose another, it is shown first all the same.
    private static IEnumerable<TunedPoint> RowsOf(TuningResult result) =>
        result.Chosen is { } chosen && !result.Frontier.Any(point => IsSame(point, chosen)) ? result.Frontier.Prepend(chosen) : result.Frontier;

    private static void AddRow(Table table, TuningResult result, TunedPoint point, string? others)
    {
        bool isChosen = IsSame(point, result.Chosen);
        string mark = (isChosen ? "*" : "") + (IsSame(point, result.Knee) ? "k" : "");
        string[] cells =
        [
            mark, Figures.Count(point.Setting.Shards), Figures.Count(point.Setting.Mapping.BatchSize), SettingWords.Window(point.Setting),
            Figures.Count(point.Setting.Mapping.ParallelizationFactor), Amounts.Dollars(point.Cost.Total), Amounts.Ms(point.IteratorAgeP99),
            $"{Amounts.Ms(point.LatencyP50.Mean)} / {Amounts.Ms(point.LatencyP99.Mean)}", Amounts.Digits(point.DuplicatesPerThousand.Mean),
            Amounts.Digits(point.PeakConcurrency.Mean), Amounts.Digits(point.Figures.Batches.Mean),
        ];
        IEnumerable<string> all = others is null ? cells : cells.Append(others);
        table.AddRow([.. all.Select(cell => isChosen ? $"[bold green]{Markup.Escape(cell)}[/]" : Markup.Escape(cell))]);
    }

    private static void WriteVerdict(IAnsiConsole console, TuningResult result, VerdictWords verdict)
    {
        console.WriteLine();
        if (result.Chosen is { } chosen)
            console.MarkupLineInterpolated($"[bold green]{Capital(verdict.Word)}:[/] {SettingWords.Whole(chosen.Setting)}.");
        string colour = verdict.Word == "recommended" ? "green" : "yellow";
        console.MarkupLine($"[{colour}]{Markup.Escape(verdict.Sentence)}[/]");
    }

    private static void WriteOtherLanePolicy(IAnsiConsole console, TuningResult result)
    {
        if (result.OtherLanePolicy is not { } other)
            return;
        console.WriteLine($"AWS does not publish how keys are spread over lanes. With {other.Setting.Mapping.LanePolicy} the same setting has an iterator age p99 of "
            + $"{Amounts.Ms(other.IteratorAgeP99)} and a latency p99 of {Amounts.Ms(other.LatencyP99)}: plan for the worse of the two.");
    }

    private static void WritePruned(IAnsiConsole console, TuningResult result)
    {
        if (result.Pruned.IsEmpty)
            return;
        console.WriteLine($"Ruled out by theory: {Figures.Some(result.Pruned.Sum(pruned => pruned.Count), "setting")}.");
        foreach (PrunedSettings pruned in result.Pruned.Take(ReasonsShownMax))
            Item(console, $"{Figures.Count(pruned.Count)}: {VisibleText.Whole(pruned.Reason)}");
        if (result.Pruned.Length > ReasonsShownMax)
            Item(console, $"{Figures.Count(result.Pruned.Skip(ReasonsShownMax).Sum(pruned => pruned.Count))} for {Figures.Some(result.Pruned.Length - ReasonsShownMax, "other reason")}.");
    }

    private static void Item(IAnsiConsole console, string sentence)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 1, 0), NoWrap = true });
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        grid.AddRow(new Text("-"), new Text(sentence));
        console.Write(grid);
    }

    private static bool IsSame(TunedPoint point, TunedPoint? other) => other is not null && point.Setting.IsSameAs(other.Setting);

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
