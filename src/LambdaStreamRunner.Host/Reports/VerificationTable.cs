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
        console.WriteLine($"  mean error {Amounts.Percent(run.Error)}; the two distributions of latency differ by at most {Amounts.Percent(run.KolmogorovSmirnov)} (Kolmogorov-Smirnov).");
    }

    internal static string Quantity(double value, string unit) => unit switch
    {
        "ms" => Amounts.Ms(value),
        "" => Amounts.Digits(value),
        _ => $"{Amounts.Digits(value)} {unit}",
    };

    internal static string Clock(VerificationClock clock) => clock is VerificationClock.Wall ? "wall time" : "accelerated (idle time skipped)";
}
