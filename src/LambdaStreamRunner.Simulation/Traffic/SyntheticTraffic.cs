using System.Globalization;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>A traffic that is made from a profile while it is read: nothing of it is kept, however long it is.</summary>
/// <remarks>
/// It is cut into cells of 4,096 expected records, each with random numbers of its own, so that reading from the middle costs
/// no more than reading from the beginning. A Poisson process forgets: the borders of cells leave no trace in it.
/// </remarks>
public sealed class SyntheticTraffic : StreamTraffic
{
    /// <summary>Expected records of a cell. A block would be too small for one with 64 standard deviations more, which nobody will see.</summary>
    private const int CellMass = BlockMax / 2;

    private const ulong Times = 1;
    private const ulong Attributes = 2;

    private readonly TrafficProfile _profile;
    private readonly KeyTable? _keys;
    private readonly double _mass;
    private readonly long _cells;
    private readonly Lazy<(long Count, long LastTicks)> _extent;

    /// <summary>The traffic of a profile.</summary>
    /// <exception cref="ArgumentException">A part of the profile is out of its range.</exception>
    public SyntheticTraffic(TrafficProfile profile)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(profile.Duration, TimeSpan.Zero, nameof(profile));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(profile.Duration, TrafficProfile.DurationMax, nameof(profile));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(profile.Rate.Mean, TrafficProfile.RateMax, nameof(profile));
        _profile = profile;
        _keys = profile.Keys is KeyProfile.Distinct ? null : new KeyTable(profile.Keys);
        _mass = profile.Rate.MassAt(profile.Duration.TotalSeconds);
        _cells = (long)Math.Ceiling(_mass / CellMass);
        _extent = new Lazy<(long, long)>(Measure);
    }

    /// <inheritdoc/>
    public override string Description
    {
        get
        {
            string spacing = _profile.Spacing is ArrivalSpacing.Random ? "Poisson" : "evenly spaced";
            string shape = _profile.Rate.Shape.Length == 0 ? "" : $" ({_profile.Rate.Shape})";
            return string.Create(CultureInfo.InvariantCulture, $"{spacing}, {_profile.Rate.Mean:#,0.##}/s{shape} for {TimeText.Of(_profile.Duration)}, {_profile.Keys}, {_profile.Sizes}");
        }
    }

    /// <inheritdoc/>
    /// <remarks>Asked for the first time, it takes a fraction of a second for each 10 million records.</remarks>
    public override long Count => _extent.Value.Count;

    /// <inheritdoc/>
    public override TimeSpan Duration => TimeSpan.FromTicks(_extent.Value.LastTicks);

    /// <inheritdoc/>
    public override IEnumerable<ReadOnlyMemory<Arrival>> ReadFrom(TimeSpan from)
    {
        var block = new Arrival[BlockMax];
        for (long cell = CellBefore(from); cell < _cells; cell++)
        {
            int count = Make(cell, block);
            int skipped = 0;
            while (skipped < count && block[skipped].Ticks < from.Ticks)
                skipped++;
            if (skipped < count)
                yield return block.AsMemory(skipped, count - skipped);
        }
    }

    /// <inheritdoc/>
    public override string NameOf(UInt128 keyHash) => _keys?.NameOf(keyHash) ?? base.NameOf(keyHash);

    // One cell too early when rounding could make it one too late.
    private long CellBefore(TimeSpan from) => Math.Max(0, (long)((_profile.Rate.MassAt(Math.Max(0, from.TotalSeconds)) - 0.001) / CellMass));

    private int Make(long cell, Span<Arrival> block)
    {
        RateCurve.Walk walk = _profile.Rate.WalkFrom(cell * (double)CellMass);
        var gaps = new Gaps(_profile, cell, _mass);
        var attributes = new SeededNumbers(_profile.Seed, Attributes, cell);
        int count = 0;
        while (count < block.Length && gaps.Next())
        {
            long ticks = TicksOf(walk.TimeOf(gaps.Mass));
            (UInt128 hash, int keyLength) = KeyOf(cell, count, ref attributes);
            block[count++] = new Arrival(ticks, hash, keyLength, walk.Bytes ?? _profile.Sizes.Next(ref attributes));
        }
        return count;
    }

    private (UInt128 Hash, int Length) KeyOf(long cell, int place, ref SeededNumbers attributes)
    {
        if (_keys is not null)
        {
            int key = _keys.Next(ref attributes);
            return (_keys.HashOf(key), _keys.LengthOf(key));
        }
        ulong number = ((ulong)cell * BlockMax) + (ulong)place;
        ulong low = SeededNumbers.Mix(number ^ (ulong)_profile.Seed);
        return (new UInt128(SeededNumbers.Mix(low + 0x9E3779B97F4A7C15), low), KeyProfile.Distinct.Length);
    }

    private (long, long) Measure()
    {
        long total = 0;
        long last = 0;
        for (long cell = 0; cell < _cells; cell++)
        {
            var gaps = new Gaps(_profile, cell, _mass);
            double mass = 0;
            int count = 0;
            while (count < BlockMax && gaps.Next())
                (mass, count) = (gaps.Mass, count + 1);
            if (count > 0)
                last = TicksOf(_profile.Rate.WalkFrom(mass).TimeOf(mass));
            total += count;
        }
        return (total, last);
    }

    private static long TicksOf(double seconds) => (long)(seconds * TimeSpan.TicksPerSecond);

    /// <summary>When the records of a cell come, in expected records since the beginning.</summary>
    private struct Gaps(TrafficProfile profile, long cell, double massMax)
    {
        private readonly double _end = Math.Min((cell + 1) * (double)CellMass, massMax);
        private readonly bool _isEven = profile.Spacing is ArrivalSpacing.Even;
        private SeededNumbers _numbers = new(profile.Seed, Times, cell);

        public double Mass { get; private set; } = (cell * (double)CellMass) - (profile.Spacing is ArrivalSpacing.Even ? 0.5 : 0);

        public bool Next()
        {
            Mass += _isEven ? 1 : _numbers.NextExponential();
            return Mass < _end;
        }
    }
}
