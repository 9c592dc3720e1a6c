using System.Collections.Immutable;
using System.Globalization;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>How many records a second come over time: constant piece by piece, and the same again after each period.</summary>
/// <remarks>Time is also counted in records that are expected until then ("mass"): random traffic with any curve is random traffic of rate 1 on that scale.</remarks>
public sealed class RateCurve
{
    /// <summary>Most pieces of a period.</summary>
    public const int PiecesMax = 1_000_000;

    /// <summary>Pieces of a day: a minute each.</summary>
    private const int PiecesPerDay = 24 * 60;

    private readonly double[] _starts;                        // seconds; one more than there are rates
    private readonly double[] _masses;                        // records from the beginning of the period; likewise
    private readonly double[] _rates;
    private readonly ImmutableArray<RatePiece> _pieces;

    private RateCurve(ImmutableArray<RatePiece> pieces, string shape)
    {
        (_pieces, Shape) = (pieces, shape);
        _rates = [.. pieces.Select(piece => piece.Rate)];
        _starts = new double[pieces.Length + 1];
        _masses = new double[pieces.Length + 1];
        for (int i = 0; i < pieces.Length; i++)
        {
            _starts[i + 1] = _starts[i] + pieces[i].Length.TotalSeconds;
            _masses[i + 1] = _masses[i] + (pieces[i].Length.TotalSeconds * pieces[i].Rate);
        }
    }

    /// <summary>Its shape for people, such as "bursts of 10x for 5 s every 60 s"; empty when it is constant.</summary>
    public string Shape { get; }

    /// <summary>After how long it begins again.</summary>
    public TimeSpan Period => TimeSpan.FromSeconds(_starts[^1]);

    /// <summary>Mean records a second.</summary>
    public double Mean => _masses[^1] / _starts[^1];

    /// <summary>Most records a second.</summary>
    public double Peak => _rates.Max();

    /// <summary>The same rate all the time.</summary>
    /// <param name="rate">Records a second, above 0.</param>
    public static RateCurve Constant(double rate) => Of([new RatePiece(TimeSpan.FromDays(1), rate)], "");

    /// <summary>Bursts at equal distances; the mean stays the rate, so that only the unevenness differs.</summary>
    /// <param name="rate">Mean records a second, above 0.</param>
    /// <param name="factor">Rate within a burst ÷ rate between bursts, above 1; infinity: nothing comes between them.</param>
    /// <param name="length">How long a burst is.</param>
    /// <param name="every">From the beginning of a burst to that of the next, more than <paramref name="length"/>. A burst ends the period.</param>
    public static RateCurve Bursts(double rate, double factor, TimeSpan length, TimeSpan every)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(factor, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(every, length);
        double between = double.IsInfinity(factor) ? 0 : rate * every.TotalSeconds / ((length.TotalSeconds * factor) + (every - length).TotalSeconds);
        double within = double.IsInfinity(factor) ? rate * (every / length) : between * factor;
        string height = double.IsInfinity(factor) ? "" : string.Create(CultureInfo.InvariantCulture, $" of {factor:0.##}x");
        string shape = string.Create(CultureInfo.InvariantCulture, $"bursts{height} for {length.TotalSeconds:0.###} s every {every.TotalSeconds:0.###} s");
        return Of([new RatePiece(every - length, between), new RatePiece(length, within)], shape);
    }

    /// <summary>A sine over 24 hours, minute by minute; it begins at the trough and has its peak 12 hours later.</summary>
    /// <param name="rate">Mean records a second, above 0.</param>
    /// <param name="peakToTrough">Highest ÷ lowest rate, 1 or more.</param>
    public static RateCurve Daily(double rate, double peakToTrough)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(peakToTrough, 1);
        double swing = double.IsInfinity(peakToTrough) ? 1 : (peakToTrough - 1) / (peakToTrough + 1);
        IEnumerable<RatePiece> minutes = Enumerable.Range(0, PiecesPerDay).Select(minute =>
            new RatePiece(TimeSpan.FromMinutes(1), rate * (1 - (swing * Math.Cos(2 * Math.PI * (minute + 0.5) / PiecesPerDay)))));
        return Of([.. minutes], string.Create(CultureInfo.InvariantCulture, $"a day whose peak is {peakToTrough:0.##}x its trough"));
    }

    /// <summary>A curve of any pieces.</summary>
    /// <param name="pieces">1 to <see cref="PiecesMax"/>, at least one with a rate above 0.</param>
    /// <param name="shape">For people.</param>
    public static RateCurve Of(ImmutableArray<RatePiece> pieces, string shape)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pieces.Length, PiecesMax);
        foreach (RatePiece piece in pieces)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(piece.Length, TimeSpan.Zero, nameof(pieces));
            if (!(piece.Rate >= 0) || double.IsInfinity(piece.Rate))
                throw new ArgumentOutOfRangeException(nameof(pieces), piece.Rate, "A rate is 0 or more.");
        }
        if (!pieces.Any(piece => piece.Rate > 0))
            throw new ArgumentException("Nothing ever comes: one rate at least must be above 0.", nameof(pieces));
        return new RateCurve(pieces, shape);
    }

    /// <summary>Records that are expected up to a time.</summary>
    internal double MassAt(double seconds)
    {
        double periods = Math.Floor(seconds / _starts[^1]);
        double within = seconds - (periods * _starts[^1]);
        int piece = IndexOf(_starts, within);
        return (periods * _masses[^1]) + Math.Min(_masses[piece] + ((within - _starts[piece]) * _rates[piece]), _masses[piece + 1]);
    }

    /// <summary>Walks along the curve.</summary>
    internal Walk WalkFrom(double mass) => new(this, mass);

    private static int IndexOf(double[] ascending, double value)
    {
        int found = Array.BinarySearch(ascending, value);
        return Math.Clamp(found < 0 ? ~found - 1 : found, 0, ascending.Length - 2);
    }

    /// <summary>Turns ascending masses into times.</summary>
    internal struct Walk
    {
        private readonly RateCurve _curve;
        private double _periodMass;
        private double _periodStart;
        private int _piece;

        public Walk(RateCurve curve, double mass)
        {
            _curve = curve;
            double periods = Math.Floor(mass / curve._masses[^1]);
            _periodMass = periods * curve._masses[^1];
            _periodStart = periods * curve._starts[^1];
            _piece = IndexOf(curve._masses, mass - _periodMass);
        }

        /// <summary>The size that records of this time have; null when the curve does not say.</summary>
        public readonly int? Bytes => _curve._pieces[_piece].Bytes;

        /// <summary>When a mass is reached, in seconds; no less than that of the mass before.</summary>
        public double TimeOf(double mass)
        {
            double[] masses = _curve._masses;
            while (mass - _periodMass > masses[_piece + 1])
                Advance();
            double[] starts = _curve._starts;
            double since = _curve._rates[_piece] > 0 ? Math.Max(0, mass - _periodMass - masses[_piece]) / _curve._rates[_piece] : 0;
            return _periodStart + Math.Min(starts[_piece] + since, starts[_piece + 1]);
        }

        private void Advance()
        {
            if (++_piece < _curve._rates.Length)
                return;
            _piece = 0;
            _periodMass += _curve._masses[^1];
            _periodStart += _curve._starts[^1];
        }
    }
}

/// <summary>A time with one rate.</summary>
/// <param name="Length">How long, above 0.</param>
/// <param name="Rate">Records a second, 0 or more.</param>
/// <param name="Bytes">Mean bytes of the payloads then, instead of the profile's sizes; null (the default) leaves those.</param>
public readonly record struct RatePiece(TimeSpan Length, double Rate, int? Bytes = null);
