namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>The layouts of a traffic that were used last: settings with the same number of shards share one.</summary>
internal sealed class LayoutCache(StreamTraffic traffic)
{
    private readonly Lock _gate = new();
    private readonly List<(int Shards, Lazy<TrafficLayout> Layout)> _recent = [];

    /// <summary>The layout for so many shards; whoever asks first makes it, others wait for it.</summary>
    public TrafficLayout Of(int shards)
    {
        Lazy<TrafficLayout> layout;
        lock (_gate)
        {
            int place = _recent.FindIndex(entry => entry.Shards == shards);
            layout = place < 0 ? new Lazy<TrafficLayout>(() => TrafficLayout.Of(traffic, shards)) : _recent[place].Layout;
            if (place >= 0)
                _recent.RemoveAt(place);
            _recent.Insert(0, (shards, layout));
            if (_recent.Count > KeptMax)
                _recent.RemoveAt(_recent.Count - 1);
        }
        return layout.Value;
    }

    // At 80 bytes for a record: two of the largest ones are 320 MB.
    private int KeptMax => (int)Math.Clamp(2 * TrafficLayout.RecordsMax / Math.Max(1, traffic.Count), 2, 16);
}
