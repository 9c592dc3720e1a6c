using System.Globalization;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Looks for times in which nothing came: they may be a clock that jumped, or a log that stopped.</summary>
internal sealed class GapWatch
{
    /// <summary>A gap of this length is told, unless the records come as rarely anyway.</summary>
    public static readonly TimeSpan Told = TimeSpan.FromHours(6);

    /// <summary>So many times the mean gap is rare anyway.</summary>
    public const double RareMeanGaps = 10;

    /// <summary>So many times the mean gap is told, however short it is.</summary>
    public const double ToldMeanGaps = 1000;

    /// <summary>A gap above this is told, whatever the others are: a trace is not about such times.</summary>
    public static readonly TimeSpan AlwaysTold = TimeSpan.FromDays(30);

    /// <summary>The mean of fewer records than this is chance,</summary>
    private const long FewRecords = 1000;

    /// <summary>and a gap among them is told from this length on.</summary>
    private static readonly TimeSpan ToldOfFew = TimeSpan.FromMinutes(1);

    /// <summary>Most gaps that are kept, the longest ones.</summary>
    private const int KeptMax = 100;

    private readonly PriorityQueue<(long Line, long Ticks), long> _longest = new();

    /// <summary>Notes a gap before a line.</summary>
    /// <param name="ticks">Its length.</param>
    /// <param name="line">The line after it; of a trace that is sorted, the number of the record in order.</param>
    public void Note(long ticks, long line)
    {
        if (_longest.Count == KeptMax && _longest.TryPeek(out _, out long shortest) && ticks <= shortest)
            return;
        _longest.Enqueue((line, ticks), ticks);
        if (_longest.Count > KeptMax)
            _longest.Dequeue();
    }

    /// <summary>A warning about the longest gap; null when there is nothing to warn of.</summary>
    /// <param name="source">The file, for people.</param>
    /// <param name="place">"line", or "record" when lines are not in order.</param>
    /// <param name="duration">From the first record to the last.</param>
    /// <param name="records">How many there are.</param>
    public string? Warning(string source, string place, TimeSpan duration, long records)
    {
        if (_longest.Count == 0)
            return null;
        // Without the longest one, which would be measured by itself where records are few.
        long longest = _longest.UnorderedItems.Max(item => item.Element.Ticks);
        double mean = (duration.Ticks - longest) / (double)Math.Max(1, records - 2);
        double threshold = ThresholdOf(mean, records);
        (long Line, long Ticks)[] told = [.. _longest.UnorderedItems.Select(item => item.Element).Where(gap => gap.Ticks > threshold).OrderByDescending(gap => gap.Ticks)];
        if (told.Length == 0)
            return null;
        string others = told.Length switch
        {
            1 => "",
            KeptMax => $" and {KeptMax - 1} or more others are shorter",
            _ => $" and {told.Length - 1} others are shorter",
        };
        string times = mean >= 1 ? $", {(told[0].Ticks / mean).ToString("#,0", CultureInfo.InvariantCulture)} times the mean distance of the others" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{source}: before {place} {told[0].Line} nothing came for {TimeSpan.FromTicks(told[0].Ticks).TotalSeconds:#,0.#} s{times}{others}; if a clock jumped or the log stopped, --max-gap SECONDS shortens such gaps.");
    }

    private static double ThresholdOf(double mean, long records)
    {
        if (records < 3)
            return AlwaysTold.Ticks;                          // there is no other gap to compare with
        double rare = Math.Max(Told.Ticks, RareMeanGaps * mean);
        double sudden = Math.Max(ToldMeanGaps * mean, records < FewRecords ? ToldOfFew.Ticks : 1);
        return Math.Min(Math.Min(rare, sudden), AlwaysTold.Ticks);
    }
}
