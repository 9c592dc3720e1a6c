using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LambdaStreamRunner.Simulation.Modelling;

/// <summary>A handler model as people write it: <c>20ms + 1ms/record ± 10%</c>. Each of the two parts may be left out, and so may the variation.</summary>
/// <remarks>Units are ns, us (or µs), ms, s and min; a duration is kept in steps of 100 ns. The variation is a standard deviation as a share of the duration, distributed lognormally.</remarks>
public static partial class HandlerModelExpression
{
    /// <summary>Largest variation, in percent of the duration.</summary>
    public const double VariationPercentMax = 300;

    private const string Allowed = "Write a fixed part, a part per record, or both, as '20ms + 1ms/record', and a variation if there is one, as '20ms + 1ms/record ± 10%'.";
    private const string Units = "ns, us, ms, s or min";
    private static readonly TimeSpan LongestPart = TimeSpan.FromMinutes(15);

    /// <summary>Reads an expression; false with what is wrong and what to write.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HandlerModel? model, [NotNullWhen(false)] out string? mistake)
    {
        model = null;
        Match whole = Whole().Match(text);
        if (!whole.Success)
        {
            mistake = $"'{text}' is no handler model. {Allowed}";
            return false;
        }
        TimeSpan? fixedPart = null;
        TimeSpan? perRecord = null;
        foreach (Capture capture in whole.Groups["part"].Captures)
        {
            Match part = Part().Match(capture.Value);
            ref TimeSpan? place = ref part.Groups["record"].Success ? ref perRecord : ref fixedPart;
            if (!TryParsePart(capture.Value.Trim(), part, place, out place, out mistake))
                return false;
        }
        if (!TryParseVariation(whole.Groups["percent"], out double share, out mistake))
            return false;
        if (fixedPart.GetValueOrDefault() + perRecord.GetValueOrDefault() == TimeSpan.Zero)
        {
            mistake = $"'{text}' takes no time at all, and then nothing can be predicted. {Allowed}";
            return false;
        }
        model = new HandlerModel
        {
            Fixed = fixedPart.GetValueOrDefault(),
            PerRecord = perRecord.GetValueOrDefault(),
            Variation = share == 0 ? [] : Lognormal.Ratios(share),
        };
        return true;
    }

    /// <inheritdoc cref="TryParse"/>
    /// <exception cref="FormatException">It cannot be read; the message says why.</exception>
    public static HandlerModel Parse(string text) => TryParse(text, out HandlerModel? model, out string? mistake) ? model : throw new FormatException(mistake);

    /// <summary>Writes a model: mean durations, each to four digits, and how much they vary. Slow-downs, cold starts and the shape of the variation have no place in an expression.</summary>
    public static string Write(HandlerModel model)
    {
        double mean = model.MeanRatio;
        TimeSpan perRecord = model.PerRecord * mean;
        string text = (model.Fixed, perRecord) switch
        {
            ({ Ticks: 0 }, _) when perRecord > TimeSpan.Zero => $"{Write(perRecord)}/record",
            (_, { Ticks: 0 }) => Write(model.Fixed * mean),
            _ => $"{Write(model.Fixed * mean)} + {Write(perRecord)}/record",
        };
        double percent = Math.Round(100 * VariationOf(model, mean));
        return percent < 1 ? text : string.Create(CultureInfo.InvariantCulture, $"{text} ± {Math.Min(percent, VariationPercentMax):0}%");
    }

    /// <summary>Writes a duration with the unit that suits it, to four digits: 20ms, 1.5s, 250us.</summary>
    public static string Write(TimeSpan duration)
    {
        (double value, string unit) = duration switch
        {
            { TotalMinutes: >= 10 } => (duration.TotalMinutes, "min"),
            { TotalSeconds: >= 1 } => (duration.TotalSeconds, "s"),
            { TotalMilliseconds: >= 1 } => (duration.TotalMilliseconds, "ms"),
            _ => (duration.TotalMicroseconds, "us"),
        };
        return value.ToString(value >= 1000 ? "0" : value >= 100 ? "0.#" : value >= 10 ? "0.##" : "0.###", CultureInfo.InvariantCulture) + unit;
    }

    private static bool TryParsePart(string text, Match part, TimeSpan? before, out TimeSpan? duration, [NotNullWhen(false)] out string? mistake)
    {
        (duration, mistake) = (before, null);
        if (!part.Success || TicksOf(part.Groups["unit"].Value) is not { } ticks)
            mistake = $"'{text}' is no part of a handler model: a number and {Units}, as 20ms, and /record behind it when each record takes that long. {Allowed}";
        else if (before is not null)
            mistake = $"'{text}' is the second {(part.Groups["record"].Success ? "part per record" : "fixed part")}; add the two up. {Allowed}";
        else if (double.Parse(part.Groups["number"].Value, CultureInfo.InvariantCulture) * ticks is var length && length > LongestPart.Ticks)
            mistake = $"'{text}' is longer than the {LongestPart.TotalMinutes:0} min that a function may take.";
        else
            duration = TimeSpan.FromTicks((long)Math.Round(length));
        return mistake is null;
    }

    private static bool TryParseVariation(Group percent, out double share, [NotNullWhen(false)] out string? mistake)
    {
        share = percent.Success ? double.Parse(percent.Value, CultureInfo.InvariantCulture) / 100 : 0;
        mistake = share * 100 > VariationPercentMax ? $"± {percent.Value}% is too much: the variation can be 0 to {VariationPercentMax:0} %." : null;
        return mistake is null;
    }

    private static double VariationOf(HandlerModel model, double mean) =>
        model.Variation.Length < 2 || mean == 0 ? 0 : Math.Sqrt(model.Variation.Average(ratio => (ratio - mean) * (ratio - mean))) / mean;

    private static double? TicksOf(string unit) => unit switch
    {
        "ns" => 0.01,
        "us" or "µs" or "μs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "min" => TimeSpan.TicksPerMinute,
        _ => null,
    };

    [GeneratedRegex(@"^(?<part>[^+±]+)(?:\+(?<part>[^+±\-]+))*(?:(?:±|\+-|\+/-)\s*(?<percent>\d+(?:\.\d+)?)\s*%\s*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^\s*(?<number>\d+(?:\.\d+)?)\s*(?<unit>\p{L}+)\s*(?<record>/\s*record|per record)?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
