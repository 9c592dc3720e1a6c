using System.Globalization;
using LambdaStreamRunner.Simulation.Tuning;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Verifying;

/// <summary>Predicted against measured, for people.</summary>
internal static class VerificationView
{
    /// <summary>Writes a table for each run, and whether the chosen setting is recommended.</summary>
    public static void Write(IAnsiConsole console, Verification verification)
    {
        foreach (VerifiedRun run in verification.Runs)
        {
            console.Profile.Out.Writer.WriteLine($"{SettingText.Of(run.Setting)}, {(run.Clock is VerificationClock.Wall ? "in real time" : "under virtual time")}:");
            console.Write(TableOf(run));
            console.Profile.Out.Writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  mean error {run.Error * 100:0.#} %, distance of the latencies (Kolmogorov-Smirnov) {run.KolmogorovSmirnov:0.##}"));
        }
        console.Profile.Out.Writer.WriteLine(VerdictOf(verification));
    }

    /// <summary>The sentence at the end; the word "recommended" only where every prediction of the chosen setting held.</summary>
    public static string VerdictOf(Verification verification)
    {
        if (verification.Runs.IsEmpty)
            return "Nothing was verified.";
        double worst = verification.Runs.Where(run => run.Setting == verification.Runs[0].Setting).Max(run => run.Error);
        string figures = string.Create(CultureInfo.InvariantCulture, $"predictions for it were off by {worst * 100:0.#} % (at most {Verification.ErrorMax * 100:0} %)");
        return verification.IsRecommended
            ? $"The chosen setting is recommended: {figures}."
            : $"The chosen setting cannot be relied on yet: {figures}. Measure the function again with more time, on an idle machine, or try the setting where it shall run.";
    }

    private static Table TableOf(VerifiedRun run)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (string column in (string[])["", "predicted", "measured", "error"])
            table.AddColumn(new TableColumn(column) { Alignment = column.Length == 0 ? Justify.Left : Justify.Right });
        foreach (VerifiedFigure figure in run.Figures)
            table.AddRow(figure.Name, Write(figure.Predicted, figure.Unit), Write(figure.Measured, figure.Unit), string.Create(CultureInfo.InvariantCulture, $"{figure.Error * 100:0.#} %"));
        return table;
    }

    private static string Write(double value, string unit) =>
        $"{value.ToString(value >= 100 ? "N0" : "0.##", CultureInfo.InvariantCulture)}{(unit == "ms" ? " ms" : "")}";
}
