using System.Globalization;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>What CloudWatch counted, by the beginning of each period.</summary>
internal sealed class MetricSeries
{
    public const string RecordsMetric = "IncomingRecords";
    public const string BytesMetric = "IncomingBytes";

    private readonly SortedDictionary<DateTimeOffset, double> _records = [];
    private readonly Dictionary<DateTimeOffset, double> _bytes = [];

    /// <summary>Records of each period that is there, in order.</summary>
    public IReadOnlyDictionary<DateTimeOffset, double> Records => _records;

    /// <summary>What the export says about itself, for people.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Adds a value of a metric.</summary>
    /// <returns>Null, or what is wrong with it: the rest of a sentence.</returns>
    public string? Add(string metric, DateTimeOffset time, double value)
    {
        if (!(value >= 0) || double.IsInfinity(value))
            return string.Create(CultureInfo.InvariantCulture, $"has {metric} {value} at {time:u}; it takes a number of 0 or more, as the statistic Sum has it.");
        IDictionary<DateTimeOffset, double> series = metric == RecordsMetric ? _records : _bytes;
        return series.TryAdd(time, value) ? null : string.Create(CultureInfo.InvariantCulture, $"has {metric} twice at {time:u}; export one stream at a time.");
    }

    /// <summary>Bytes of a period; null when they are not there.</summary>
    public double? BytesOf(DateTimeOffset time) => _bytes.TryGetValue(time, out double bytes) ? bytes : null;

    /// <summary>The length of a period: the shortest distance between two; null when there is one only.</summary>
    public TimeSpan? Period
    {
        get
        {
            TimeSpan[] distances = [.. _records.Keys.Zip(_records.Keys.Skip(1), (one, next) => next - one)];
            return distances.Length == 0 ? null : distances.Min();
        }
    }

    /// <summary>Reads a time of CloudWatch: a text or seconds since 1970.</summary>
    public static bool TryReadTime(string text, out DateTimeOffset time)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is > 100_000_000 and < 100_000_000_000)
        {
            time = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
            return true;
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time)
            && text.Length >= "2015-05-17".Length;
    }
}
