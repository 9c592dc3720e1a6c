using System.Collections.Immutable;
using System.Globalization;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>Durations that were measured elsewhere, as CSV: <c>batchSize,durationMs[,concurrency][,cold]</c>, columns in any order, one invocation a line.</summary>
internal static class MeasurementTable
{
    private const int MistakesMax = 20;
    private const string Columns = "batchSize,durationMs[,concurrency][,cold]";

    /// <summary>Reads a table; its measurements, or every mistake with its line.</summary>
    public static ImmutableArray<HandlerMeasurement> Read(IEnumerable<string> lines, out ImmutableArray<string> mistakes)
    {
        ImmutableArray<HandlerMeasurement>.Builder measurements = ImmutableArray.CreateBuilder<HandlerMeasurement>();
        List<string> found = [];
        Dictionary<string, int>? columns = null;
        foreach ((int index, string line) in lines.Index())
        {
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#'))
                continue;
            string[] cells = line.Split(',', StringSplitOptions.TrimEntries);
            string? mistake = columns is null ? TryReadHeader(cells, out columns) : TryReadRow(cells, columns, measurements);
            if (mistake is not null)
                found.Add($"line {index + 1} {mistake}");
            if (columns is null || found.Count == MistakesMax)
                break;
        }
        if (found.Count == 0 && !measurements.Any(measurement => measurement is { Concurrency: 1, Environment: MeasuredEnvironment.Warm }))
            found.Add($"has no invocation that was warm and alone (concurrency 1); a fit needs some, at several batch sizes. The columns are {Columns}.");
        mistakes = [.. found];
        return found.Count > 0 ? [] : measurements.ToImmutable();
    }

    private static string? TryReadHeader(string[] cells, out Dictionary<string, int>? columns)
    {
        columns = null;
        string[] known = ["BATCHSIZE", "DURATIONMS", "CONCURRENCY", "COLD"];
        string[] names = [.. cells.Select(cell => cell.ToUpperInvariant())];
        string? unknown = cells.FirstOrDefault(cell => !known.Contains(cell.ToUpperInvariant()));
        if (unknown is not null)
            return $"has a column '{unknown}'; the columns are {Columns}, named in the first line.";
        if (names.Distinct().Count() < names.Length || !names.Contains("BATCHSIZE") || !names.Contains("DURATIONMS"))
            return $"must name the columns {Columns}, each once.";
        columns = names.Select((name, index) => (name, index)).ToDictionary(column => column.name, column => column.index);
        return null;
    }

    private static string? TryReadRow(string[] cells, Dictionary<string, int> columns, ImmutableArray<HandlerMeasurement>.Builder measurements)
    {
        if (cells.Length != columns.Count)
            return $"has {cells.Length} values, and there are {columns.Count} columns.";
        string? Cell(string name) => columns.TryGetValue(name, out int index) ? cells[index] : null;
        if (!int.TryParse(Cell("BATCHSIZE"), NumberStyles.None, CultureInfo.InvariantCulture, out int records) || records is < 1 or > 10_000)
            return $"has the batch size '{Cell("BATCHSIZE")}'; it can be 1 to 10000.";
        if (!double.TryParse(Cell("DURATIONMS"), NumberStyles.Float, CultureInfo.InvariantCulture, out double milliseconds) || milliseconds is not (> 0 and <= 900_000))
            return $"has the duration '{Cell("DURATIONMS")}'; it is milliseconds above 0, at most 900000.";
        if (!int.TryParse(Cell("CONCURRENCY") ?? "1", NumberStyles.None, CultureInfo.InvariantCulture, out int concurrency) || concurrency is < 1 or > 10_000)
            return $"has the concurrency '{Cell("CONCURRENCY")}'; it can be 1 to 10000.";
        if (ColdOf(Cell("COLD")) is not { } environment)
            return $"says '{Cell("COLD")}' for cold; it can be true, false, 1, 0 or nothing.";
        measurements.Add(new HandlerMeasurement(records, concurrency, TimeSpan.FromMilliseconds(milliseconds), environment));
        return null;
    }

    private static MeasuredEnvironment? ColdOf(string? cell) => cell?.ToUpperInvariant() switch
    {
        null or "" or "0" or "FALSE" => MeasuredEnvironment.Warm,
        "1" or "TRUE" => MeasuredEnvironment.Cold,
        _ => null,
    };
}
