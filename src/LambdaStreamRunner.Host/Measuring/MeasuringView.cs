using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Simulation.Modelling;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>What came of measuring a function: a table, the fit as a picture, the expression; or one JSON document.</summary>
internal static class MeasuringView
{
    /// <summary>Characters of a failure that are shown: functions like to quote what they could not read.</summary>
    private const int FailureLengthMax = 300;

    /// <summary>Writes it for people.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="measured">What was measured.</param>
    /// <param name="model">The model as it is given out: scaled to another MemorySize, with its Timeout.</param>
    public static void Write(IAnsiConsole console, MeasuringResult measured, HandlerModel model)
    {
        TextWriter lines = console.Profile.Out.Writer;
        lines.WriteLine(Headline(measured));
        console.Write(TableOf(measured.Fit));
        foreach (string line in Plot(measured.Fit))
            lines.WriteLine(line);
        lines.WriteLine("  ● measured median   ⠤ fitted");
        lines.WriteLine();
        lines.WriteLine($"Handler model: {HandlerModelExpression.Write(model)}");
        lines.WriteLine($"Error of the fit: {Describe(measured.Fit.Error)}.");
        foreach (string line in Besides(model, wasMeasuredHere: measured.Samples is not null))
            lines.WriteLine(line);
        if (measured.Failing > 0)
            lines.WriteLine($"{Figures.Some(measured.Failing, "record")} made the function fail and {(measured.Failing == 1 ? "was" : "were")} left out. The first: {FirstLine(measured.FirstFailure!)}");
        foreach (string note in measured.Notes)
            lines.WriteLine(note);
        if (WarningOf(measured.Fit.Error) is { } warning)
            console.MarkupLineInterpolated($"[yellow]{warning}[/]");
    }

    /// <summary>Why the fit should not be relied on; null when it can be.</summary>
    public static string? WarningOf(FitError error) => error.IsBad
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"Warning: a fixed part and a part per record do not describe this function well (off by {error.Worst * 100:0} % at batches of {error.WorstRecords}). Measure with --batch-sizes near those that you mean to use, and more time: --budget.")
        : null;

    /// <summary>The document of --json.</summary>
    /// <param name="measured">What was measured.</param>
    /// <param name="modelFile">The model file's text.</param>
    public static string ToJson(MeasuringResult measured, string modelFile) => new JsonObject
    {
        ["function"] = measured.Function,
        ["model"] = JsonNode.Parse(modelFile),
        ["isBadFit"] = measured.Fit.Error.IsBad,
        ["records"] = measured.Samples?.Description,
        ["failingRecords"] = measured.Failing,
        ["firstFailure"] = measured.FirstFailure,
        ["notes"] = new JsonArray([.. measured.Notes.Select(note => JsonValue.Create(note))]),
        ["isComplete"] = measured.IsComplete,
        ["durationMs"] = Math.Round(measured.Took.TotalMilliseconds),
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static string Headline(MeasuringResult measured)
    {
        string what = $"{measured.Function}: {Figures.Some(measured.Measurements.Length, "invocation")}";
        return measured.Samples is { } samples ? $"{what} in {Figures.Duration(measured.Took)}, with {samples.Description}." : $"{what}.";
    }

    private static Table TableOf(HandlerFit fit)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (string column in (string[])["batch size", "invocations", "median", "p95", "fitted", "error"])
            table.AddColumn(new TableColumn(column) { Alignment = Justify.Right });
        foreach (FittedSize size in fit.Sizes)
        {
            table.AddRow(
                Figures.Count(size.Records), Figures.Count(size.Count), HandlerModelExpression.Write(size.Median), HandlerModelExpression.Write(size.P95),
                HandlerModelExpression.Write(size.Fitted), Percent(size.Error));
        }
        return table;
    }

    private static IReadOnlyList<string> Plot(HandlerFit fit) => ScatterPlot.Draw(
        [.. fit.Sizes.Select(size => ((double)size.Records, Math.Max(size.Median.TotalMilliseconds, 0.0001)))],
        records => fit.Model.Fixed.TotalMilliseconds + (fit.Model.PerRecord.TotalMilliseconds * records),
        height => HandlerModelExpression.Write(TimeSpan.FromMilliseconds(height)), "batch size");

    private static string Describe(FitError error) =>
        $"worst batch size {Percent(error.Worst)}, at batches of {Figures.Count(error.WorstRecords)}; typical deviation of one invocation {Percent(error.Median)}"
        + (error.RSquared is { } r ? string.Create(CultureInfo.InvariantCulture, $", R² {r:0.###}") : ", hardly any difference between batch sizes");

    private static IEnumerable<string> Besides(HandlerModel model, bool wasMeasuredHere)
    {
        if (!model.SlowDowns.IsEmpty)
            yield return $"Beside others: {string.Join(", ", model.SlowDowns.Where(slow => slow.Concurrency > 1).Select(slow => string.Create(CultureInfo.InvariantCulture, $"{slow.Factor:0.##} × as long at {slow.Concurrency}")))}.";
        if (!model.ColdStarts.IsEmpty)
            yield return $"Cold start: {HandlerModelExpression.Write(model.ColdStarts[model.ColdStarts.Length / 2])} (of {model.ColdStarts.Length}{(wasMeasuredHere ? "; loading and first use. AWS starts a machine besides, and a runtime when the function was measured in this process" : "")}).";
    }

    private static string FirstLine(string text)
    {
        string line = text.ReplaceLineEndings("\n").Split('\n')[0];
        return line.Length <= FailureLengthMax ? line : line[..FailureLengthMax] + "…";
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %");
}
