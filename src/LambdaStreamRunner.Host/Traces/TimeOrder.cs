using System.Globalization;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Puts a trace in order that is out of order a little, as one is that several threads wrote.</summary>
/// <param name="mistakes">Takes the lines that are too late for that.</param>
/// <param name="gaps">Takes the gaps between records.</param>
/// <param name="next">Takes arrivals in order.</param>
internal sealed class TimeOrder(TraceMistakes mistakes, GapWatch gaps, Action<ReadOnlySpan<Arrival>> next)
{
    /// <summary>How late a line may be without a complaint.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    /// <summary>Most arrivals that wait for late ones; when so many come within the tolerance, it is shorter.</summary>
    public const int WaitingMax = 2 * 1024 * 1024;

    private readonly ArrivalSort _sort = new();
    private Arrival[] _waiting = new Arrival[StreamTraffic.BlockMax];
    private int _count;
    private bool _isUnsorted;
    private long _latest;
    private long _latestLine;
    private long _handedOn;

    public void Add(in Arrival arrival, long line)
    {
        if (arrival.Ticks >= _latest)
            Advance(arrival.Ticks, line);
        else if (arrival.Ticks < Math.Max(_latest - Tolerance.Ticks, _handedOn))
        {
            mistakes.Add(line, TooLate(_latest - arrival.Ticks));
            return;
        }
        else
            _isUnsorted = true;
        if (_count == _waiting.Length)
            MakeRoom();
        _waiting[_count++] = arrival;
    }

    public void Complete() => HandOn(long.MaxValue, _count);

    private void Advance(long ticks, long line)
    {
        if (_latestLine > 0)
            gaps.Note(ticks - _latest, line);
        (_latest, _latestLine) = (ticks, line);
    }

    private void MakeRoom()
    {
        HandOn(_latest - Tolerance.Ticks, 0);
        if (_count < _waiting.Length / 2)
            return;
        if (_waiting.Length < WaitingMax)
            Array.Resize(ref _waiting, _waiting.Length * 2);
        else
            HandOn(long.MinValue, _count / 2);
    }

    /// <summary>Hands on what comes before a time, and at least so many.</summary>
    private void HandOn(long before, int atLeast)
    {
        Span<Arrival> waiting = _waiting.AsSpan(0, _count);
        if (_isUnsorted)
            _sort.Sort(waiting);
        _isUnsorted = false;
        int count = atLeast;
        while (count < _count && waiting[count].Ticks < before)
            count++;
        if (count == 0)
            return;
        _handedOn = waiting[count - 1].Ticks;
        next(waiting[..count]);
        waiting[count..].CopyTo(waiting);
        _count -= count;
    }

    private string TooLate(long by) => string.Create(
        CultureInfo.InvariantCulture,
        $"is {TimeSpan.FromTicks(by).TotalSeconds:0.###} s earlier than line {_latestLine}; up to {Tolerance.TotalSeconds:0} s is put in order, --sort puts the whole trace in order.");
}
