using CsCheck;
using LambdaStreamRunner.Core.Measures;

namespace LambdaStreamRunner.Core.Tests.Measures;

public class LatencyHistogramTests
{
    [Fact]
    public void Nothing_recorded_reads_as_zeros()
    {
        var histogram = new LatencyHistogram();

        Assert.Equal((0L, 0L, 0L), (histogram.Count, histogram.Percentile(0.99), histogram.Max));
    }

    [Fact]
    public void Durations_below_128_ms_are_exact()
    {
        var histogram = new LatencyHistogram();
        for (int i = 1; i <= 100; i++)
            histogram.Record(i);

        Assert.Equal((50L, 99L, 100L), (histogram.Percentile(0.5), histogram.Percentile(0.99), histogram.Max));
    }

    [Fact]
    public void A_clock_that_was_set_back_counts_as_zero()
    {
        var histogram = new LatencyHistogram();

        histogram.Record(-5);

        Assert.Equal((1L, 0L, 0L), (histogram.Count, histogram.Percentile(1), histogram.Max));
    }

    [Fact]
    public void The_longest_duration_there_is_fits()
    {
        var histogram = new LatencyHistogram();

        histogram.Record(long.MaxValue);

        Assert.Equal(long.MaxValue, histogram.Percentile(0.5));
    }

    [Fact]
    public void Percentiles_are_within_two_percent_of_the_sorted_truth() =>
        Gen.Select(Gen.Long[0, 40_000_000_000].Array[1, 200], Gen.Double[0, 1]).Sample((values, fraction) =>
        {
            var histogram = new LatencyHistogram();
            foreach (long value in values)
                histogram.Record(value);

            long[] sorted = [.. values.Order()];
            long truth = sorted[Math.Max(1, (int)Math.Ceiling(fraction * values.Length)) - 1];
            long found = histogram.Percentile(fraction);
            return Math.Abs(found - truth) <= truth * 0.016 && histogram.Max == sorted[^1];
        });

    [Fact]
    public void Merged_histograms_answer_as_one() =>
        Gen.Select(Gen.Long[0, 1_000_000].Array, Gen.Long[0, 1_000_000].Array).Sample((left, right) =>
        {
            LatencyHistogram merged = Of(left);
            merged.Add(Of(right));
            LatencyHistogram whole = Of([.. left, .. right]);
            return (merged.Count, merged.Max, merged.Percentile(0.5), merged.Percentile(0.99))
                == (whole.Count, whole.Max, whole.Percentile(0.5), whole.Percentile(0.99));
        });

    private static LatencyHistogram Of(long[] values)
    {
        var histogram = new LatencyHistogram();
        foreach (long value in values)
            histogram.Record(value);
        return histogram;
    }
}
