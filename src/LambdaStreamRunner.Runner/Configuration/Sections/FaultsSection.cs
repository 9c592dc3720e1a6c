using LambdaStreamRunner.Runner.Configuration.Syntax;
using LambdaStreamRunner.StreamServer.Faults;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads a stream's <c>Faults</c>, which AWS has no names for.</summary>
internal static class FaultsSection
{
    public static readonly SectionNames Names = new("Faults", ["ThrottleRate", "ErrorRate", "ExpiredIteratorRate", "LatencyMs", "Seed"], []);

    private static readonly int LatencyMsMax = (int)StreamFaults.LatencyLimit.TotalMilliseconds;

    public static StreamFaults? Read(JsonValue.Object? at, Reading reading)
    {
        if (at is null)
            return null;
        var section = new Section(at, Names, reading.Problems);
        (double min, double max) = Latency(section, reading.Problems);
        var faults = new StreamFaults
        {
            ThrottleRate = section.Decimal("ThrottleRate", otherwise: 0, min: 0, max: 1),
            ErrorRate = section.Decimal("ErrorRate", otherwise: 0, min: 0, max: 1),
            ExpiredIteratorRate = section.Decimal("ExpiredIteratorRate", otherwise: 0, min: 0, max: 1),
            LatencyMin = TimeSpan.FromMilliseconds(min),
            LatencyMax = TimeSpan.FromMilliseconds(max),
            Seed = Seed(section, reading.Problems),
        };
        foreach ((string name, string text) in faults.Mistakes())
            reading.Problems.Error(section.Find(name) ?? section.At, text);
        return faults;
    }

    /// <summary>One number, or the least and the most in brackets.</summary>
    private static (double Min, double Max) Latency(Section section, Problems problems)
    {
        const string Name = "LatencyMs";
        if (section.Find(Name) is not JsonValue value)
            return (0, 0);
        double?[] written = value is JsonValue.Array range ? [.. range.Items.Select(Section.NumberIn)] : [Section.NumberIn(value), Section.NumberIn(value)];
        if (written is [double min, double max] && min >= 0 && min <= max && max <= LatencyMsMax)
            return (min, max);
        problems.Error(value, $"is wrong; write milliseconds from 0 to {LatencyMsMax} as 50, or the least and the most as [20, 200].");
        return (0, 0);
    }

    private static int? Seed(Section section, Problems problems)
    {
        if (section.WholeNumber("Seed") is not long seed)
            return null;
        if (seed is >= 0 and <= int.MaxValue)
            return (int)seed;
        problems.Error(section.Find("Seed")!, $"is {seed}; it can be 0 to {int.MaxValue}. Leave it out for another one with every start.");
        return null;
    }
}
