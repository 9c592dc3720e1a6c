using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Sorts any number of arrivals by time: runs that fit into memory, merged from a temporary file.</summary>
/// <param name="runLength">Arrivals of a run.</param>
internal sealed class ArrivalSorter(int runLength = ArrivalSorter.DefaultRunLength) : IDisposable
{
    /// <summary>Arrivals of a run: 32 MiB.</summary>
    public const int DefaultRunLength = 1024 * 1024;

    private const int ReadAtOnce = 2048;

    private readonly ArrivalSort _sort = new();
    private Arrival[] _run = new Arrival[Math.Min(runLength, StreamTraffic.BlockMax)];
    private int _count;
    private ArrivalFile? _file;

    public void Add(in Arrival arrival)
    {
        if (_count == runLength)
            EndRun();
        if (_count == _run.Length)
            Array.Resize(ref _run, Math.Min(runLength, _run.Length * 2));
        _run[_count++] = arrival;
    }

    /// <summary>Hands all on in order of time, those of one time as they came.</summary>
    public void Complete(Action<ReadOnlySpan<Arrival>> next)
    {
        if (_file is null)
        {
            _sort.Sort(_run.AsSpan(0, _count));
            next(_run.AsSpan(0, _count));
            return;
        }
        EndRun();
        _run = [];
        _file.Flush();
        Merge(_file, next);
    }

    public void Dispose() => _file?.Dispose();

    private void EndRun()
    {
        _sort.Sort(_run.AsSpan(0, _count));
        _file ??= ArrivalFile.Create();
        _file.Append(_run.AsSpan(0, _count));
        _count = 0;
    }

    private void Merge(ArrivalFile file, Action<ReadOnlySpan<Arrival>> next)
    {
        var heads = new PriorityQueue<Run, (long Ticks, long Start)>();          // equal times: the earlier run
        for (long start = 0; start < file.Count; start += runLength)
        {
            var run = new Run(file, start, Math.Min(start + runLength, file.Count));
            if (run.MoveNext())
                heads.Enqueue(run, (run.Current.Ticks, start));
        }
        var merged = new Arrival[StreamTraffic.BlockMax];
        int count = 0;
        while (heads.TryPeek(out Run? first, out _))
        {
            merged[count++] = first.Current;
            if (first.MoveNext())
                heads.DequeueEnqueue(first, (first.Current.Ticks, first.Start));
            else
                heads.Dequeue();
            if (count == merged.Length || heads.Count == 0)
            {
                next(merged.AsSpan(0, count));
                count = 0;
            }
        }
    }

    private sealed class Run(ArrivalFile file, long start, long end)
    {
        private readonly Arrival[] _read = new Arrival[ReadAtOnce];
        private long _next = start;
        private int _count;
        private int _place = -1;

        public long Start { get; } = start;

        public Arrival Current => _read[_place];

        public bool MoveNext()
        {
            if (++_place < _count)
                return true;
            _place = 0;
            _count = _next == end ? 0 : file.Read(_next, _read.AsSpan(0, (int)Math.Min(ReadAtOnce, end - _next)));
            _next += _count;
            return _count > 0;
        }
    }
}
