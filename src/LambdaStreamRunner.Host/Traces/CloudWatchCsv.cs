using System.Globalization;
using System.Text;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>What CloudWatch's console gives to download: rows of headings, then rows that begin with a time.</summary>
/// <remarks>The headings have changed over the years; all that is taken from them is which column names which metric.</remarks>
internal static class CloudWatchCsv
{
    public static MetricSeries Read(string source, ReadOnlySpan<byte> content)
    {
        var series = new MetricSeries();
        Dictionary<int, string> metrics = [];
        var fields = new CsvFields();
        int number = 0;
        foreach (string line in Encoding.UTF8.GetString(content).TrimStart('\uFEFF').Split('\n'))
        {
            number++;
            if (line.Trim().Length == 0)
                continue;
            if (!fields.Split(Encoding.UTF8.GetBytes(line.TrimEnd('\r'))))
                throw new TraceException($"{source}: line {number} ends within quotes.");
            string[] row = [.. Enumerable.Range(0, fields.Count).Select(i => Encoding.UTF8.GetString(fields[i]).Trim())];
            if (MetricSeries.TryReadTime(row[0], out DateTimeOffset time))
                ReadRow(source, number, row, time, metrics, series);
            else
                ReadHeading(source, row, metrics);
        }
        if (series.Records.Count == 0)
            throw new TraceException($"{source} has no rows of {MetricSeries.RecordsMetric}: rows begin with a time such as 2015/05/17 10:05:00, and a heading above names the columns.");
        return series;
    }

    private static void ReadHeading(string source, string[] row, Dictionary<int, string> metrics)
    {
        for (int column = 1; column < row.Length; column++)
        {
            if (CloudWatchJson.MetricOf(row[column]) is not { } metric || metrics.GetValueOrDefault(column) == metric)
                continue;
            if (metrics.ContainsValue(metric) || !metrics.TryAdd(column, metric))
                throw new TraceException($"{source} has {metric} in several columns; export one stream at a time.");
        }
    }

    private static void ReadRow(string source, int number, string[] row, DateTimeOffset time, Dictionary<int, string> metrics, MetricSeries series)
    {
        foreach ((int column, string metric) in metrics)
        {
            if (column >= row.Length || row[column].Length == 0)
                continue;                                     // nothing was counted then
            string? mistake = double.TryParse(row[column], NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out double value)
                ? series.Add(metric, time, value)
                : $"has {metric} '{Terminal.VisibleText.Of(row[column])}', which is no number.";
            if (mistake is not null)
                throw new TraceException($"{source}: line {number} {mistake}");
        }
    }
}
