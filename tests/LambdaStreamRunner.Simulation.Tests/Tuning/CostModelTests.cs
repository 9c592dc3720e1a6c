using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

/// <summary>The example of reference/tuning.md 2.5: 20 ms and 1 ms per record at 512 MB.</summary>
public class CostModelTests
{
    private static readonly TunedSetting Standard = new(2, new EventSourceMapping { Polling = PollingMode.Aws });

    [Theory]
    [InlineData(1, 0.375)]
    [InlineData(100, 0.012)]
    public void Lambda_costs_requests_and_GB_seconds(int batch, double dollars)
    {
        long invocations = 1_000_000 / batch;
        CostPerMillion cost = new CostModel(Some.Prices, Architecture.X86, 512, 1_000_000)
            .Of(Standard, Some.Figures with { Invocations = invocations, Billed = TimeSpan.FromMilliseconds(20 + batch) * invocations });

        Assert.Equal(dollars, cost.Requests + cost.Compute, 3);
    }

    [Fact]
    public void A_shard_costs_its_hours_busy_or_not()
    {
        // 100,000 records an hour: a million takes ten hours of two shards, and a PUT unit each.
        CostPerMillion cost = new CostModel(Some.Prices, Architecture.X86, 128, 100_000).Of(Standard, Some.Figures with { PutUnits = 1_000_000 });

        Assert.Equal((20 * 0.015) + 0.014, cost.Stream, 9);
        Assert.Equal(0, cost.FanOut);
    }

    [Fact]
    public void Enhanced_fan_out_costs_its_hours_and_what_is_read()
    {
        var pushed = new TunedSetting(2, new EventSourceMapping { Polling = PollingMode.Push });
        CostPerMillion cost = new CostModel(Some.Prices, Architecture.X86, 128, 100_000).Of(pushed, Some.Figures with { Bytes = 1L << 30 });

        Assert.Equal((20 * 0.015) + 0.013, cost.FanOut, 9);
    }

    [Fact]
    public void Arm_costs_a_fifth_less_to_compute()
    {
        var figures = Some.Figures with { Billed = TimeSpan.FromHours(1) };
        double x86 = new CostModel(Some.Prices, Architecture.X86, 128, 1).Of(Standard, figures).Compute;
        double arm = new CostModel(Some.Prices, Architecture.Arm, 128, 1).Of(Standard, figures).Compute;

        Assert.Equal(0.8, arm / x86, 3);
    }

    [Fact]
    public void A_region_without_prices_is_named_with_those_there_are()
    {
        var table = new PriceTable(new DateOnly(2026, 1, 1), "USD", "AWS's price list", System.Collections.Immutable.ImmutableSortedDictionary<string, RegionPrices>.Empty.Add("us-east-1", Some.Prices));

        Assert.Equal(Some.Prices, table.Of("us-east-1"));
        string message = Assert.Throws<KeyNotFoundException>(() => table.Of("mars-1")).Message;
        Assert.Contains("'mars-1'", message, StringComparison.Ordinal);
        Assert.Contains("us-east-1", message, StringComparison.Ordinal);
        Assert.Contains("--prices", message, StringComparison.Ordinal);
    }
}
