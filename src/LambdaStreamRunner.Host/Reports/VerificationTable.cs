using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Simulation.Tuning;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Reports;

/// <summary>Prediction against the real function, for a terminal.</summary>
internal static class VerificationTable
{
    public static void Write(IAnsiConsole console, Verification verification)
    {
        foreach (VerifiedRun run in verification.Runs)
            Write(console, run);
        foreach (RunLeftOut left in verification.LeftOut)
            console.WriteLine($"Real function, {Clock(left.Clock)}: {SettingWords.Whole(left.Setting)} was not run. {left.Why}");
        console.WriteLine("Records that always make the function fail, and cold starts, are left out of these runs and of their predictions.");
    }

    private static void Write(IAnsiConsole console, VerifiedRun run)
    {
        console.WriteLine($"Real function, {Clock(run.Clock)}: {SettingWords.Whole(run.Setting)}");
        var table = new Table { Border = TableBorder.None };
        table.AddColumn(new TableColumn("  figure") { Padding = new Padding(0, 0, 2, 0) });
        foreach (string name in (string[])["predicted", "measured", "error"])
            table.AddColumn(new TableColumn(name) { Alignment = Justify.Right, Padding = new Padding(0, 0, 2, 0) });
        foreach (VerifiedFigure figure in run.Figures)
        {
            string colour = figure.Error < Verification.ErrorMax ? "green" : "red";
            table.AddRow(
                Markup.Escape("  " + figure.Name), Markup.Escape(Quantity(figure.Predicted, figure.Unit)), Markup.Escape(Quantity(figure.Measured, figure.Unit)),
                $"[{colour}]{Amounts.Percent(figure.Error)}[/]");
        }
        console.Write(table);
        foreach (string remark in RemarksOn(run))
            console.WriteLine($"  {remark}");
        console.WriteLine($"  mean error {Amounts.Percent(run.Error)}; the two distributions of latency differ by at most {Amounts.Percent(run.KolmogorovSmirnov)} (Kolmogorov-Smirnov).");
    }

    /// <summary>What a reader should know before the figures are believed.</summary>
    internal static IEnumerable<string> RemarksOn(VerifiedRun run)
    {
        if (run.Traffic is { } traffic)
            yield return $"{traffic}.";
        if (run.Invocations < Verification.InvocationsMin)
            yield return $"All this rests on {Figures.Some(run.Invocations, "invocation")}: the errors may be chance.";
        if (run.Unsettled > 0)
            yield return $"{Figures.Some(run.Unsettled, "record")} did not succeed and {(run.Unsettled == 1 ? "is" : "are")} not in the latencies.";
    }

    internal static string Quantity(double value, string unit) => unit switch
    {
        "ms" => Amounts.Ms(value),
        "" => Amounts.Digits(value),
        _ => $"{Amounts.Digits(value)} {unit}",
    };

    internal static string Clock(VerificationClock clock) => clock is VerificationClock.Wall ? "wall time" : "accelerated (idle time skipped)";
}
