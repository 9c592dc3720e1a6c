using System.Globalization;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Makes a traffic of the arrivals of a trace: order, beginning, gaps, and where it is kept.</summary>
internal sealed class TraceBuilder : IDisposable
{
    private readonly string _source;
    private readonly TraceReading _reading;
    private readonly GapWatch _gaps = new();
    private readonly ArrivalStore _store;
    private readonly TraceTimeLine _timeLine;
    private readonly TimeOrder? _order;
    private readonly ArrivalSorter? _sorter;
    private long _sorted;
    private long _lastSorted;

    public TraceBuilder(string source, TraceReading reading)
    {
        (_source, _reading) = (source, reading);
        Mistakes = new TraceMistakes(source);
        _store = new ArrivalStore(reading.MemoryMax);
        _timeLine = new TraceTimeLine(reading.MaxGap, _store.Add);
        if (reading.Order is LineOrder.Any)
            _sorter = new ArrivalSorter(Math.Min(ArrivalSorter.DefaultRunLength, reading.MemoryMax));
        else
            _order = new TimeOrder(Mistakes, _gaps, _timeLine.Add);
    }

    public TraceMistakes Mistakes { get; }

    public void Add(in Arrival arrival, long line)
    {
        if (_order is not null)
            _order.Add(arrival, line);
        else
            _sorter!.Add(arrival);
    }

    /// <summary>The traffic.</summary>
    /// <param name="parser">Knows the names of keys.</param>
    /// <exception cref="TraceException">There were mistakes, or no records.</exception>
    public OpenedTraffic Complete(ArrivalParser parser)
    {
        Mistakes.ThrowIfAny();
        _order?.Complete();
        _sorter?.Complete(AddSorted);
        _sorter?.Dispose();
        if (_store.Count == 0)
            throw new TraceException($"{_source} holds no records.");
        StreamTraffic traffic = _store.ToTraffic(_source, parser.Names);
        return new OpenedTraffic(traffic, traffic as IDisposable, [.. Warnings(traffic, parser)]);
    }

    public void Dispose()
    {
        _sorter?.Dispose();
        _store.Dispose();
    }

    private void AddSorted(ReadOnlySpan<Arrival> arrivals)
    {
        foreach (ref readonly Arrival arrival in arrivals)
        {
            if (++_sorted > 1)
                _gaps.Note(arrival.Ticks - _lastSorted, _sorted);
            _lastSorted = arrival.Ticks;
        }
        _timeLine.Add(arrivals);
    }

    private IEnumerable<string> Warnings(StreamTraffic traffic, ArrivalParser parser)
    {
        if (_reading.MaxGap is { } maxGap)
        {
            if (_timeLine.Shortened > 0)
                yield return string.Create(CultureInfo.InvariantCulture, $"{_source}: {Terminal.Figures.Some(_timeLine.Shortened, "gap")} {(_timeLine.Shortened == 1 ? "was" : "were")} shortened to {TimeText.Of(maxGap)}.");
        }
        else if (_gaps.Warning(_source, _order is null ? "record" : "line", traffic.Duration, traffic.Count) is { } warning)
            yield return warning;
        if (parser.HasExplicitHashKeys)
            yield return $"{_source}: explicitHashKey decides the shard, and the lane within it as well, since AWS does not say how it finds the lane of such a record.";
    }
}
