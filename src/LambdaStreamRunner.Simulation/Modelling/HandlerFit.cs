using System.Collections.Immutable;

namespace LambdaStreamRunner.Simulation.Modelling;

/// <summary>A handler model that was fitted to measurements, and how well it fits.</summary>
/// <remarks>
/// Fixed part and part per record come from the medians of the batch sizes, alone and warm (Theil and Sen: a median of slopes, then
/// of intercepts), so that pauses and outliers do not bend them. Nothing is thrown away all the same: what was measured ÷ what
/// was fitted becomes the model's variation, so that simulated invocations take as long in the mean as the measured ones.
/// </remarks>
public sealed record HandlerFit
{
    /// <summary>The model.</summary>
    public required HandlerModel Model { get; init; }

    /// <summary>How well it fits.</summary>
    public required FitError Error { get; init; }

    /// <summary>Measured and fitted, by ascending batch size; alone and warm.</summary>
    public required ImmutableArray<FittedSize> Sizes { get; init; }

    /// <summary>Fits a model.</summary>
    /// <param name="measurements">At least one of them warm and alone (concurrency 1).</param>
    /// <exception cref="ArgumentException">There is none of those.</exception>
    public static HandlerFit Of(IReadOnlyCollection<HandlerMeasurement> measurements)
    {
        MeasuredSize[] sizes = SizesAt(measurements, concurrency: 1);
        if (sizes.Length == 0)
            throw new ArgumentException("A fit needs invocations that were warm and alone (concurrency 1).", nameof(measurements));
        (double fixedTicks, double perRecordTicks) = RobustLine.Through(sizes);
        var line = new HandlerModel
        {
            Fixed = TimeSpan.FromTicks((long)Math.Round(fixedTicks)),
            PerRecord = TimeSpan.FromTicks((long)Math.Round(perRecordTicks)),
        };
        HandlerModel model = line with
        {
            Variation = ResidualRatios.Of(sizes, line),
            SlowDowns = SlowDownsOf(measurements, sizes),
            ColdStarts = ColdStartsOf(measurements, line),
        };
        ImmutableArray<FittedSize> fitted = [.. sizes.Select(size => FittedSize.Of(size, model))];
        return new HandlerFit { Model = model, Sizes = fitted, Error = FitError.Of(sizes, fitted, model) };
    }

    private static MeasuredSize[] SizesAt(IEnumerable<HandlerMeasurement> measurements, int concurrency) =>
    [
        .. from measurement in measurements
           where measurement.Concurrency == concurrency && measurement.Environment is MeasuredEnvironment.Warm
           group (double)measurement.Duration.Ticks by measurement.Records into size
           orderby size.Key
           select new MeasuredSize(size.Key, [.. size.Order()]),
    ];

    // More beside it never make it faster: factors that fall with the concurrency are noise, and share their mean.
    private static ImmutableArray<SlowDown> SlowDownsOf(IReadOnlyCollection<HandlerMeasurement> measurements, MeasuredSize[] alone)
    {
        List<(List<int> Concurrencies, double Factor)> rising = [([1], 1)];
        foreach (int concurrency in measurements.Select(measurement => measurement.Concurrency).Where(concurrency => concurrency > 1).Distinct().Order())
        {
            double[] factors =
            [
                .. from beside in SizesAt(measurements, concurrency)
                   join one in alone on beside.Records equals one.Records
                   select beside.MiddleMean / one.MiddleMean,
            ];
            if (factors.Length == 0)
                continue;
            rising.Add(([concurrency], Math.Max(1, Quantiles.Median([.. factors.Order()]))));
            while (rising[^1].Factor < rising[^2].Factor)
            {
                ((List<int> upper, double above), (List<int> lower, double below)) = (rising[^1], rising[^2]);
                rising.RemoveRange(rising.Count - 2, 2);
                rising.Add(([.. lower, .. upper], ((below * lower.Count) + (above * upper.Count)) / (lower.Count + upper.Count)));
            }
        }
        return rising.Count == 1 ? [] : [.. rising.SelectMany(group => group.Concurrencies.Select(concurrency => new SlowDown(concurrency, group.Factor)))];
    }

    private static ImmutableArray<TimeSpan> ColdStartsOf(IEnumerable<HandlerMeasurement> measurements, HandlerModel line) =>
    [
        .. from measurement in measurements
           where measurement.Environment is MeasuredEnvironment.Cold
           let extra = measurement.Duration - line.DurationOf(measurement.Records)
           orderby extra
           select extra > TimeSpan.Zero ? extra : TimeSpan.Zero,
    ];
}

/// <summary>A batch size, measured and fitted.</summary>
/// <param name="Records">The batch size.</param>
/// <param name="Count">Invocations measured.</param>
/// <param name="Median">Their median.</param>
/// <param name="P95">What 95 % of them do not exceed.</param>
/// <param name="Fitted">What the line says.</param>
/// <param name="Error">|fitted − median| ÷ median.</param>
public readonly record struct FittedSize(int Records, int Count, TimeSpan Median, TimeSpan P95, TimeSpan Fitted, double Error)
{
    internal static FittedSize Of(MeasuredSize size, HandlerModel model)
    {
        TimeSpan fitted = model.DurationOf(size.Records);
        double error = size.Median > 0 ? Math.Abs(fitted.Ticks - size.Median) / size.Median : 0;
        return new FittedSize(size.Records, size.Ticks.Length, Span(size.Median), Span(Quantiles.At(size.Ticks, 0.95)), fitted, error);
    }

    private static TimeSpan Span(double ticks) => TimeSpan.FromTicks((long)Math.Round(ticks));
}

/// <summary>How well a model fits what was measured.</summary>
/// <param name="Median">Median of |fitted − measured| ÷ measured over all invocations that were warm and alone: 0.05 is 5 %.</param>
/// <param name="RSquared">Share of the differences between batch sizes that the line explains, 1 at best; null when the medians differ by less than a twentieth, so that there is nothing to explain.</param>
/// <param name="WorstRecords">The batch size that is fitted worst.</param>
/// <param name="Worst">Its error, of the median.</param>
public readonly record struct FitError(double Median, double? RSquared, int WorstRecords, double Worst)
{
    /// <summary>Error from which on a fit should not be relied on.</summary>
    public const double BadFrom = 0.20;

    /// <summary>True when the median or the worst batch size is off by more than a fifth.</summary>
    public bool IsBad => Median > BadFrom || Worst > BadFrom;

    internal static FitError Of(MeasuredSize[] sizes, ImmutableArray<FittedSize> fitted, HandlerModel model)
    {
        double[] errors =
        [
            .. sizes.SelectMany(size => size.Ticks.Where(ticks => ticks > 0).Select(ticks => Math.Abs(model.DurationOf(size.Records).Ticks - ticks) / ticks)).Order(),
        ];
        FittedSize worst = fitted.MaxBy(size => size.Error);
        return new FitError(errors.Length == 0 ? 0 : Quantiles.Median(errors), RSquaredOf(fitted), worst.Records, worst.Error);
    }

    private static double? RSquaredOf(ImmutableArray<FittedSize> sizes)
    {
        double[] medians = [.. sizes.Select(size => (double)size.Median.Ticks)];
        if (medians.Max() <= 1.05 * medians.Min())
            return null;
        double mean = medians.Average();
        double total = medians.Sum(median => (median - mean) * (median - mean));
        double unexplained = sizes.Sum(size => Math.Pow(size.Fitted.Ticks - (double)size.Median.Ticks, 2));
        return 1 - (unexplained / total);
    }
}
