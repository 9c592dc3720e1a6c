using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Host.Terminal;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>What <c>aws cloudwatch get-metric-data</c> and <c>get-metric-statistics</c> print.</summary>
internal static class CloudWatchJson
{
    public static MetricSeries Read(string source, ReadOnlyMemory<byte> content)
    {
        var series = new MetricSeries();
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            if (document.RootElement.TryGetProperty("MetricDataResults", out JsonElement results))
                ReadResults(source, results, series);
            else
                ReadStatistics(source, document.RootElement, series);
            if (document.RootElement.TryGetProperty("NextToken", out JsonElement token) && token.ValueKind is JsonValueKind.String)
                series.Warnings.Add($"{source} is one page of several (it has a NextToken): what is on the others is missing.");
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new TraceException($"{source} is no output of 'aws cloudwatch get-metric-data' or 'get-metric-statistics' in JSON: {odd.Message}");
        }
        return series;
    }

    private static void ReadResults(string source, JsonElement results, MetricSeries series)
    {
        foreach (JsonElement result in results.EnumerateArray())
        {
            string? metric = MetricOf(TextOf(result, "Label")) ?? MetricOf(TextOf(result, "Id"));
            if (metric is null)
                continue;
            if (TextOf(result, "StatusCode") == "PartialData")
                series.Warnings.Add($"{source}: CloudWatch calls its {metric} partial: some periods may be missing.");
            (JsonElement times, JsonElement values) = (result.GetProperty("Timestamps"), result.GetProperty("Values"));
            if (times.GetArrayLength() != values.GetArrayLength())
                throw new TraceException(string.Create(CultureInfo.InvariantCulture, $"{source} has {times.GetArrayLength()} Timestamps and {values.GetArrayLength()} Values of {metric}; nobody knows which belong together. Export it again."));
            foreach ((JsonElement time, JsonElement value) in times.EnumerateArray().Zip(values.EnumerateArray()))
                Add(source, series, metric, time, value);
        }
        if (series.Records.Count == 0)
            throw new TraceException($"{source} has no values of {MetricSeries.RecordsMetric}; there are results labelled {string.Join(", ", results.EnumerateArray().Select(result => $"'{Shown(result)}'"))}. Query the statistic Sum of AWS/Kinesis {MetricSeries.RecordsMetric}.");
    }

    private static void ReadStatistics(string source, JsonElement root, MetricSeries series)
    {
        if (MetricOf(TextOf(root, "Label")) != MetricSeries.RecordsMetric)
            throw new TraceException($"{source} holds '{Shown(root)}'; a trace is made of {MetricSeries.RecordsMetric}.");
        foreach (JsonElement point in root.GetProperty("Datapoints").EnumerateArray())
        {
            if (!point.TryGetProperty("Sum", out JsonElement sum))
                throw new TraceException($"{source} has datapoints without a Sum; ask for it with --statistics Sum.");
            Add(source, series, MetricSeries.RecordsMetric, point.GetProperty("Timestamp"), sum);
        }
        if (series.Records.Count == 0)
            throw new TraceException($"{source} has no datapoints.");
    }

    private static void Add(string source, MetricSeries series, string metric, JsonElement time, JsonElement value)
    {
        if (!MetricSeries.TryReadTime(time.ToString(), out DateTimeOffset at))
            throw new TraceException($"{source} has the timestamp '{VisibleText.Of(time.ToString())}'; it takes one such as 2015-05-17T10:05:00Z.");
        if (series.Add(metric, at, value.GetDouble()) is { } mistake)
            throw new TraceException($"{source} {mistake}");
    }

    private static string Shown(JsonElement of) => VisibleText.Of(TextOf(of, "Label") ?? "");

    private static string? TextOf(JsonElement of, string name) => of.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;

    /// <summary>The metric that a label or id is about; null for others.</summary>
    public static string? MetricOf(string? label) => label switch
    {
        null => null,
        _ when label.Contains(MetricSeries.RecordsMetric, StringComparison.OrdinalIgnoreCase) => MetricSeries.RecordsMetric,
        _ when label.Contains(MetricSeries.BytesMetric, StringComparison.OrdinalIgnoreCase) => MetricSeries.BytesMetric,
        _ => null,
    };
}
