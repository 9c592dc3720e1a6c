using System.Diagnostics;

namespace LambdaStreamRunner.Benchmarks.Delivering;

/// <summary>What handlers did, in their own measure: work per key, first start and last end.</summary>
internal sealed class WorkLedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TimeSpan> _workOf = new(StringComparer.Ordinal);
    private long _firstStart = long.MaxValue;
    private long _lastEnd;
    private int _records;

    /// <summary>Records that were handled.</summary>
    public int Records => _records;

    /// <summary>From the first handler's start to the last one's end.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_firstStart, _lastEnd);

    /// <summary>The least time in which so many lanes can do this work in order of keys: max(all work ÷ lanes, work of the busiest key).</summary>
    public TimeSpan Ideal(int lanes)
    {
        TimeSpan all = _workOf.Values.Aggregate(TimeSpan.Zero, (sum, work) => sum + work) / lanes;
        TimeSpan busiest = _workOf.Values.Max();
        return all > busiest ? all : busiest;
    }

    public void Add(string key, long start, long end)
    {
        lock (_gate)
        {
            _workOf[key] = _workOf.GetValueOrDefault(key) + Stopwatch.GetElapsedTime(start, end);
            _firstStart = Math.Min(_firstStart, start);
            _lastEnd = Math.Max(_lastEnd, end);
            _records++;
        }
    }
}
