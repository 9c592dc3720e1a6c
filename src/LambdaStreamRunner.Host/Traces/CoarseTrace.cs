using System.Globalization;
using LambdaStreamRunner.Runner.Input;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Traffic from counts: when within its period a record comes is left to chance, and whose it is to a profile of keys.</summary>
/// <param name="Traffic">The traffic.</param>
/// <param name="Warnings">What was assumed.</param>
internal sealed record CoarseTrace(SyntheticTraffic Traffic, IReadOnlyList<string> Warnings)
{
    private static readonly SizeProfile SizesUnknown = new SizeProfile.Fixed(1000);

    public static CoarseTrace Of(string source, MetricSeries series, TraceReading reading)
    {
        if (series.Period is not { } period)
            throw new TraceException($"{source} has one period only, whose length nobody knows; export at least two.");
        RatePiece[] pieces = Pieces(source, series, period);
        if (!Array.Exists(pieces, piece => piece.Rate > 0))
            throw new TraceException($"{source} holds no records: {MetricSeries.RecordsMetric} is 0 in every period.");
        bool hasBytes = Array.Exists(pieces, piece => piece.Bytes is not null);
        if (reading.Sizes is not null || !hasBytes)
            pieces = [.. pieces.Select(piece => piece with { Bytes = null })];
        TimeSpan duration = period * pieces.Length;
        if (duration > TrafficProfile.DurationMax)
            throw new TraceException($"{source} covers {TimeText.Of(duration)}; a traffic lasts at most {TimeText.Of(TrafficProfile.DurationMax)}.");
        var profile = new TrafficProfile
        {
            Rate = RateCurve.Of([.. pieces], string.Create(CultureInfo.InvariantCulture, $"{source}, {pieces.Length} periods of {TimeText.Of(period)}")),
            Duration = duration,
            Keys = reading.Keys,
            Sizes = reading.Sizes ?? SizesUnknown,
            Seed = reading.Seed,
        };
        return new CoarseTrace(new SyntheticTraffic(profile), [.. series.Warnings, .. Assumptions(source, series, pieces, reading, hasBytes)]);
    }

    private static RatePiece[] Pieces(string source, MetricSeries series, TimeSpan period)
    {
        DateTimeOffset first = series.Records.Keys.First();
        long count = ((series.Records.Keys.Last() - first).Ticks / period.Ticks) + 1;
        if (count > RateCurve.PiecesMax)
            throw new TraceException(string.Create(CultureInfo.InvariantCulture, $"{source} has periods of {TimeText.Of(period)} over {count:N0} periods; at most {RateCurve.PiecesMax:N0} are taken. Export a shorter time or longer periods."));
        var pieces = new RatePiece[count];
        Array.Fill(pieces, new RatePiece(period, 0));
        foreach ((DateTimeOffset time, double records) in series.Records)
        {
            (long piece, long rest) = Math.DivRem((time - first).Ticks, period.Ticks);
            if (rest != 0)
                throw new TraceException(string.Create(CultureInfo.InvariantCulture, $"{source} has periods of different lengths: {time:u} is no multiple of {TimeText.Of(period)} after {first:u}."));
            pieces[piece] = new RatePiece(period, records / period.TotalSeconds, MeanBytes(series.BytesOf(time), records));
        }
        return pieces;
    }

    private static int? MeanBytes(double? bytes, double records) =>
        bytes is { } sum && records > 0 ? (int)Math.Clamp(Math.Round(sum / records), 0, Line.RecordBytesMax) : null;

    private static IEnumerable<string> Assumptions(string source, MetricSeries series, RatePiece[] pieces, TraceReading reading, bool hasBytes)
    {
        yield return $"{source} counts records by period: within each they come at random, and their keys are assumed to be {reading.Keys} (--keys, --key-distribution).";
        if (reading.Sizes is null && !hasBytes)
            yield return $"{source} has no {MetricSeries.BytesMetric}: every record is assumed to have {SizesUnknown} (--bytes).";
        int missing = pieces.Length - series.Records.Count;
        if (missing > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{source} has no value for {missing} of {pieces.Length} periods: nothing came then.");
    }
}
