using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LambdaStreamRunner.Simulation.Figures;

namespace LambdaStreamRunner.Simulation.Meters;

/// <summary>The course of a run in equal stretches of time, and its worst minute invocation by invocation.</summary>
internal sealed class CourseMeter
{
    private const int StretchesWanted = 240;
    private const int StretchesMax = 2_400;                   // a long drain makes more than were wanted
    private const int SpansMax = 6_000;

    private readonly long _start;
    private readonly long _width;
    private readonly List<Stretch> _stretches = [];
    private readonly List<LaneSpan> _minute = [];
    private ImmutableArray<LaneSpan> _worst = [];
    private long _minuteEnd;
    private long _minuteAge;
    private long _worstAge = -1;
    private long _settled;
    private long _runningSince;
    private int _running;

    /// <summary>A course over a length of traffic, in ticks.</summary>
    public CourseMeter(long start, long length)
    {
        _start = _runningSince = start;
        _width = Math.Max(TimeSpan.TicksPerSecond / 10, length / StretchesWanted);
        _minuteEnd = start + TimeSpan.TicksPerMinute;
    }

    public void Arrived(long ticks)
    {
        if (StretchOf(ticks) is var stretch && stretch >= 0)
            At(stretch).Arrivals++;
    }

    /// <summary>Arrivals are counted anew.</summary>
    public void ForgetArrivals()
    {
        foreach (ref Stretch stretch in CollectionsMarshal.AsSpan(_stretches))
            stretch.Arrivals = 0;
    }

    public void Handed(long now, long age)
    {
        if (StretchOf(now) is var stretch && stretch >= 0)
            At(stretch).Age = Math.Max(At(stretch).Age, age);
        if (now >= _minuteEnd)
            EndMinute(now);
        _minuteAge = Math.Max(_minuteAge, age);
    }

    public void Ended(LaneSpan span)
    {
        if (_minute.Count < SpansMax)
            _minute.Add(span);
    }

    public void Running(int running, long now)
    {
        while (_runningSince < now)
        {
            long stretch = StretchOf(_runningSince);
            long until = stretch < 0 ? now : Math.Min(now, _start + ((stretch + 1) * _width));
            if (stretch >= 0)
                At(stretch).RunningTicks += (double)_running * (until - _runningSince);
            _runningSince = until;
        }
        _running = running;
    }

    public void Settled(int records, long now)
    {
        _settled += records;
        if (StretchOf(now) is var stretch && stretch >= 0)
            At(stretch).Settled = _settled;
    }

    public ImmutableArray<LaneSpan> ReadWorstMinute()
    {
        EndMinute(_minuteEnd);
        return _worst;
    }

    public ImmutableArray<CoursePoint> Read()
    {
        var points = ImmutableArray.CreateBuilder<CoursePoint>(_stretches.Count);
        (long arrived, long settled, double age) = (0, 0, 0);
        double seconds = (double)_width / TimeSpan.TicksPerSecond;
        for (int index = 0; index < _stretches.Count; index++)
        {
            Stretch stretch = _stretches[index];
            arrived += stretch.Arrivals;
            settled = Math.Max(settled, stretch.Settled);
            age = stretch.Age >= 0 ? (double)stretch.Age / TimeSpan.TicksPerMillisecond : age;
            points.Add(new CoursePoint(
                new TimeSpan(_start + (index * _width)), stretch.Arrivals / seconds, age, stretch.RunningTicks / _width, arrived - settled));
        }
        return points.ToImmutable();
    }

    private void EndMinute(long now)
    {
        if (_minuteAge > _worstAge && _minute.Count > 0)
            (_worst, _worstAge) = ([.. _minute], _minuteAge);
        _minute.Clear();
        _minuteAge = 0;
        while (now >= _minuteEnd)
            _minuteEnd += TimeSpan.TicksPerMinute;
    }

    private long StretchOf(long ticks)
    {
        long stretch = (ticks - _start) / _width;
        return ticks >= _start && stretch < StretchesMax ? stretch : -1;
    }

    private ref Stretch At(long stretch)
    {
        while (_stretches.Count <= stretch)
            _stretches.Add(new Stretch { Age = -1 });
        return ref CollectionsMarshal.AsSpan(_stretches)[(int)stretch];
    }

    private struct Stretch
    {
        public long Arrivals;
        public long Age;
        public long Settled;
        public double RunningTicks;
    }
}
