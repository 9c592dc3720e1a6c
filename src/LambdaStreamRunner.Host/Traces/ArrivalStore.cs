using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Keeps arrivals in memory, and in a temporary file when they are too many for that.</summary>
/// <param name="memoryMax">Most arrivals in memory.</param>
internal sealed class ArrivalStore(int memoryMax = ArrivalStore.DefaultMemoryMax) : IDisposable
{
    /// <summary>Most arrivals in memory: 128 MiB.</summary>
    public const int DefaultMemoryMax = 4 * 1024 * 1024;

    private readonly List<Arrival[]> _blocks = [];
    private readonly List<long> _firstTicks = [];
    private Arrival[] _block = new Arrival[StreamTraffic.BlockMax];
    private int _count;
    private long _lastTicks;
    private ArrivalFile? _file;

    public long Count { get; private set; }

    /// <summary>Takes arrivals, in order of time.</summary>
    public void Add(ReadOnlySpan<Arrival> arrivals)
    {
        while (!arrivals.IsEmpty)
        {
            if (_count == 0)
                _firstTicks.Add(arrivals[0].Ticks);
            int count = Math.Min(arrivals.Length, _block.Length - _count);
            arrivals[..count].CopyTo(_block.AsSpan(_count));
            _count += count;
            Count += count;
            _lastTicks = arrivals[count - 1].Ticks;
            arrivals = arrivals[count..];
            if (_count == _block.Length)
                EndBlock();
        }
    }

    /// <summary>What was kept as traffic, which has to be disposed when it is disposable.</summary>
    public StreamTraffic ToTraffic(string source, KeyNames names)
    {
        if (_file is null)
        {
            if (_count > 0)
                _blocks.Add(_block[.._count]);
            return new RecordedTraffic(source, _blocks, names);
        }
        _file.Append(_block.AsSpan(0, _count));
        var traffic = new ArrivalFileTraffic(source, _file, _firstTicks, _lastTicks, names);
        _file = null;                                         // the traffic's from now on
        return traffic;
    }

    public void Dispose() => _file?.Dispose();

    private void EndBlock()
    {
        _count = 0;
        if (_file is not null)
        {
            _file.Append(_block);
            return;
        }
        _blocks.Add(_block);
        _block = new Arrival[StreamTraffic.BlockMax];
        if (_blocks.Count * (long)StreamTraffic.BlockMax <= memoryMax)
            return;
        _file = ArrivalFile.Create();
        foreach (Arrival[] block in _blocks)
            _file.Append(block);
        _blocks.Clear();
    }
}
