using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation.Tests.Traffic;

public class SyntheticTrafficTests
{
    private static readonly TrafficProfile Steady = new()
    {
        Rate = RateCurve.Constant(1000),
        Duration = TimeSpan.FromSeconds(100),
    };

    [Fact]
    public void Random_records_come_at_the_rate_with_the_spread_of_a_Poisson_process()
    {
        Arrival[] arrivals = new SyntheticTraffic(Steady).All();

        Assert.InRange(arrivals.Length, 100_000 - 1500, 100_000 + 1500);            // 4.7 standard deviations
        double[] perSecond = [.. arrivals.CountBy(arrival => arrival.Ticks / TimeSpan.TicksPerSecond).Select(second => (double)second.Value)];
        double mean = perSecond.Average();
        double variance = perSecond.Average(count => (count - mean) * (count - mean));
        Assert.InRange(variance / mean, 0.5, 1.6);                                   // 1 for Poisson, 0 for even distances
    }

    [Fact]
    public void Gaps_of_random_records_are_exponential_across_cells_too()
    {
        Arrival[] arrivals = new SyntheticTraffic(Steady).All();
        double[] gaps = [.. arrivals.Zip(arrivals.Skip(1), (one, next) => (next.Ticks - one.Ticks) / 10_000.0)];     // mean 1 ms

        foreach (double gap in (double[])[0.1, 0.5, 1, 2, 4])
            Assert.InRange(gaps.Count(found => found > gap) / (double)gaps.Length, Math.Exp(-gap) - 0.008, Math.Exp(-gap) + 0.008);
    }

    [Fact]
    public void Even_records_come_at_equal_distances()
    {
        Arrival[] arrivals = new SyntheticTraffic(Steady with { Spacing = ArrivalSpacing.Even }).All();

        Assert.Equal(100_000, arrivals.Length);
        Assert.All(arrivals.Zip(arrivals.Skip(1)), pair => Assert.InRange(pair.Second.Ticks - pair.First.Ticks, 9_999, 10_001));
    }

    [Fact]
    public void Bursts_keep_the_mean_and_raise_the_rate_within_them()
    {
        var curve = RateCurve.Bursts(100, factor: 10, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(50));
        Arrival[] arrivals = new SyntheticTraffic(Steady with { Rate = curve, Duration = TimeSpan.FromSeconds(5000) }).All();

        double within = arrivals.Count(arrival => arrival.Time.TotalSeconds % 50 >= 45) / 500.0;
        double between = arrivals.Count(arrival => arrival.Time.TotalSeconds % 50 < 45) / 4500.0;
        Assert.InRange(arrivals.Length, 497_000, 503_000);
        Assert.InRange(within / between, 9.8, 10.2);
    }

    [Fact]
    public void Between_bursts_of_an_infinite_factor_nothing_comes()
    {
        var curve = RateCurve.Bursts(100, double.PositiveInfinity, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        Arrival[] arrivals = new SyntheticTraffic(Steady with { Rate = curve }).All();

        Assert.InRange(arrivals.Length, 9_600, 10_400);
        Assert.All(arrivals, arrival => Assert.True(arrival.Time.TotalSeconds % 10 >= 9));
    }

    [Fact]
    public void A_day_has_its_peak_and_trough()
    {
        Arrival[] arrivals = new SyntheticTraffic(Steady with { Rate = RateCurve.Daily(20, peakToTrough: 4), Duration = TimeSpan.FromHours(24) }).All();

        int[] perHour = [.. Enumerable.Range(0, 24).Select(hour => arrivals.Count(arrival => (int)arrival.Time.TotalHours == hour))];
        Assert.InRange(arrivals.Length, 1_728_000 - 7_000, 1_728_000 + 7_000);
        Assert.InRange(perHour[12] / (double)perHour[0], 3.8, 4.2);
    }

    [Fact]
    public void Zipf_keys_have_their_shares()
    {
        Arrival[] arrivals = new SyntheticTraffic(Steady with { Keys = new KeyProfile.Zipf(1000), Duration = TimeSpan.FromSeconds(1000) }).All();
        double harmonic = Enumerable.Range(1, 1000).Sum(number => 1.0 / number);
        Dictionary<UInt128, int> counts = arrivals.CountBy(arrival => arrival.KeyHash).ToDictionary();

        foreach (int number in (int[])[1, 2, 10, 100])
        {
            double expected = arrivals.Length / (number * harmonic);
            Assert.InRange(counts[Hash($"key-{number}")], expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected)));
        }
    }

    [Fact]
    public void A_key_has_its_MD5_and_its_name()
    {
        var traffic = new SyntheticTraffic(Steady with { Keys = new KeyProfile.Uniform(3) });

        Arrival[] arrivals = traffic.All();

        Assert.Equal(["key-1", "key-2", "key-3"], arrivals.Select(arrival => traffic.NameOf(arrival.KeyHash)).Distinct().Order());
        Assert.All(arrivals, arrival => Assert.Equal(5, arrival.KeyLength));
        Assert.Contains(Hash("key-2"), arrivals.Select(arrival => arrival.KeyHash));
    }

    [Fact]
    public void Distinct_keys_never_repeat_and_cover_the_hash_space_evenly()
    {
        Arrival[] arrivals = new SyntheticTraffic(Steady with { Keys = new KeyProfile.Distinct() }).All();

        Assert.Equal(arrivals.Length, arrivals.Select(arrival => arrival.KeyHash).Distinct().Count());
        foreach (IGrouping<int, Arrival> shard in arrivals.GroupBy(arrival => (int)(arrival.KeyHash >> 125)))
            Assert.InRange(shard.Count(), 12_500 - 600, 12_500 + 600);
    }

    [Fact]
    public void Lognormal_sizes_have_their_median_and_p99()
    {
        Arrival[] arrivals = new SyntheticTraffic(Steady with { Sizes = new SizeProfile.LogNormal(200, 2000) }).All();
        int[] sizes = [.. arrivals.Select(arrival => arrival.DataLength).Order()];

        Assert.InRange(sizes[sizes.Length / 2], 195, 205);
        Assert.InRange(sizes[sizes.Length * 99 / 100], 1850, 2150);
    }

    [Fact]
    public void Uniform_sizes_reach_both_ends()
    {
        Arrival[] arrivals = new SyntheticTraffic(Steady with { Sizes = new SizeProfile.Uniform(10, 12) }).All();

        Assert.Equal([10, 11, 12], arrivals.Select(arrival => arrival.DataLength).Distinct().Order());
    }

    [Fact]
    public void A_curve_may_say_the_sizes() => Assert.Equal([7, 9], new SyntheticTraffic(Steady with
    {
        Rate = RateCurve.Of([new RatePiece(TimeSpan.FromSeconds(1), 100, 7), new RatePiece(TimeSpan.FromSeconds(1), 0), new RatePiece(TimeSpan.FromSeconds(1), 5, 9)], "odd"),
    }).All().Select(arrival => arrival.DataLength).Distinct().Order());

    [Fact]
    public void What_it_is_can_be_read() => Assert.Equal("Poisson, 1,000/s for 100 s, 1,000 keys (Zipf 1), 1,000 B", new SyntheticTraffic(Steady).Description);

    [Fact]
    public void A_year_of_many_records_needs_no_memory_to_be_begun_late()
    {
        var traffic = new SyntheticTraffic(Steady with { Duration = TimeSpan.FromDays(365) });

        Assert.InRange(traffic.ReadFrom(TimeSpan.FromDays(300)).First().Span[0].Time.TotalDays, 300, 300.001);
    }

    private static UInt128 Hash(string key) => HashKeyRange.HashOf(System.Text.Encoding.UTF8.GetBytes(key));
}
