using System.CommandLine;
using System.Globalization;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>The profile of a traffic as a command line says it.</summary>
internal sealed class ProfileReading
{
    private static readonly TimeSpan DurationDefault = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan DayDefault = TimeSpan.FromHours(24);
    private const double ExponentMax = 10;
    private const double FactorMax = 1_000_000;

    private readonly List<string> _mistakes = [];
    private readonly TrafficOptions _options;
    private readonly ParseResult _parsed;

    public ProfileReading(TrafficOptions options, ParseResult parsed)
    {
        (_options, _parsed) = (options, parsed);
        GivenDuration = parsed.GetValue(options.Duration) is { } written ? Time(options.Duration.Name, written) : null;
        if (GivenDuration > TrafficProfile.DurationMax)
            _mistakes.Add($"--duration is {parsed.GetValue(options.Duration)}; it takes up to {TrafficProfile.DurationMax.TotalDays:0}d.");
        Keys = ReadKeys();
        Sizes = parsed.GetValue(options.Bytes) is { } bytes ? ReadSizes(bytes) : new SizeProfile.Fixed(1000);
        Rate = parsed.GetValue(options.Rate) is { } rate ? ReadRate(rate) : null;
    }

    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<string> Mistakes => _mistakes;

    /// <summary>How long; null when nobody said.</summary>
    public TimeSpan? GivenDuration { get; }

    public KeyProfile Keys { get; }

    public SizeProfile Sizes { get; }

    private RateCurve? Rate { get; }

    private string Name => _parsed.GetValue(_options.Profile)!.ToUpperInvariant();

    /// <summary>The profile, when there are no mistakes and there is a rate.</summary>
    public TrafficProfile Profile => new()
    {
        Rate = Rate!,
        Spacing = Name == "STEADY" ? ArrivalSpacing.Even : ArrivalSpacing.Random,
        Duration = GivenDuration ?? (Name == "DAILY" ? DayDefault : DurationDefault),
        Keys = Keys,
        Sizes = Sizes,
        Seed = _parsed.GetValue(_options.Seed),
    };

    private RateCurve? ReadRate(double rate)
    {
        if (!(rate is > 0 and <= TrafficProfile.RateMax))
        {
            _mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"--rate is {rate}; it takes a number above 0, at most {TrafficProfile.RateMax:0}."));
            return null;
        }
        switch (Name)
        {
            case "POISSON" or "STEADY":
                return RateCurve.Constant(rate);
            case "DAILY":
                return ReadDay(rate);
            case "BURSTS":
                return ReadBursts(rate);
            default:
                _mistakes.Add($"--profile is '{_parsed.GetValue(_options.Profile)}'; it takes poisson, steady, bursts or daily.");
                return null;
        }
    }

    private RateCurve? ReadDay(double rate)
    {
        double ratio = _parsed.GetValue(_options.PeakToTrough);
        if (ratio is >= 1 and <= FactorMax)
            return RateCurve.Daily(rate, ratio);
        _mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"--peak-to-trough is {ratio}; it takes 1 to {FactorMax:0}."));
        return null;
    }

    private RateCurve? ReadBursts(double rate)
    {
        int before = _mistakes.Count;
        double factor = _parsed.GetValue(_options.BurstFactor);
        if (!(factor is > 1 and <= FactorMax) && !double.IsPositiveInfinity(factor))
            _mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"--burst-factor is {factor}; it takes a number above 1, at most {FactorMax:0}, or 'infinity'."));
        TimeSpan? length = Time(_options.BurstLength.Name, _parsed.GetValue(_options.BurstLength)!);
        TimeSpan? every = Time(_options.BurstEvery.Name, _parsed.GetValue(_options.BurstEvery)!);
        if (length >= every)
            _mistakes.Add($"--burst-length is {_parsed.GetValue(_options.BurstLength)} and --burst-every is {_parsed.GetValue(_options.BurstEvery)}: a burst must end before the next one begins.");
        return _mistakes.Count > before ? null : RateCurve.Bursts(rate, factor, length!.Value, every!.Value);
    }

    private KeyProfile ReadKeys()
    {
        int count = _parsed.GetValue(_options.Keys);
        if (count is < 1 or > KeyProfile.CountMax)
        {
            _mistakes.Add($"--keys is {count}; it takes 1 to {KeyProfile.CountMax}, and more are best made with --key-distribution distinct.");
            count = 1;
        }
        string written = _parsed.GetValue(_options.KeyDistribution)!;
        string[] parts = written.ToUpperInvariant().Split(':');
        switch (parts)
        {
            case ["ZIPF"]:
                return new KeyProfile.Zipf(count);
            case ["ZIPF", var exponent] when double.TryParse(exponent, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is >= 0 and <= ExponentMax:
                return new KeyProfile.Zipf(count, number);
            case ["UNIFORM"]:
                return new KeyProfile.Uniform(count);
            case ["DISTINCT"]:
                return new KeyProfile.Distinct();
            case ["ONE"]:
                return new KeyProfile.Uniform(1);
            default:
                _mistakes.Add($"--key-distribution is '{written}'; it takes zipf, zipf:S with an exponent of 0 to {ExponentMax:0}, uniform, distinct or one.");
                return new KeyProfile.Uniform(1);
        }
    }

    private SizeProfile ReadSizes(string written)
    {
        string[] range = written.Split('-');
        string[] parts = written.ToUpperInvariant().Split(':');
        if (int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out int bytes) && bytes <= SizeProfile.BytesMax)
            return new SizeProfile.Fixed(bytes);
        if (range is [var low, var high] && int.TryParse(low, NumberStyles.None, CultureInfo.InvariantCulture, out int from)
            && int.TryParse(high, NumberStyles.None, CultureInfo.InvariantCulture, out int to) && from <= to && to <= SizeProfile.BytesMax)
            return new SizeProfile.Uniform(from, to);
        if (parts is ["LOGNORMAL", var middle, var rare] && double.TryParse(middle, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double median)
            && double.TryParse(rare, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double p99) && median > 0 && p99 >= median && p99 <= SizeProfile.BytesMax)
            return new SizeProfile.LogNormal(median, p99);
        _mistakes.Add($"--bytes is '{written}'; it takes a number of 0 to {SizeProfile.BytesMax}, a range such as 100-2000, or lognormal:MEDIAN:P99 such as lognormal:500:8000.");
        return new SizeProfile.Fixed(0);
    }

    private TimeSpan? Time(string option, string written)
    {
        if (DurationText.TryParse(written, out TimeSpan time) && time > TimeSpan.Zero)
            return time;
        _mistakes.Add($"{option} is '{written}'; it takes {DurationText.Form}.");
        return null;
    }
}
