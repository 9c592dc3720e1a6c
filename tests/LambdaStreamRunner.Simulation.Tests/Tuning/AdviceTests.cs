using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

public class AdviceTests
{
    [Fact]
    public void Records_that_expire_reach_no_destination()
    {
        string sentence = Told(Some.Figures with { Expired = 3 }, "leave the stream's retention");

        Assert.StartsWith("3 of 1,000,000 records", sentence, StringComparison.Ordinal);
        Assert.Contains("no on-failure destination hears of them", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("given up:", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false, "(BisectBatchOnFunctionError saves those)")]
    [InlineData(true, false, "(ReportBatchItemFailures saves those)")]
    [InlineData(true, true, "with one that fails: without an on-failure destination")]
    public void Innocent_records_are_saved_by_what_the_setting_lacks(bool bisects, bool reports, string expected)
    {
        var mapping = new EventSourceMapping { BisectBatchOnFunctionError = bisects, FunctionResponseTypes = reports ? [FunctionResponseType.ReportBatchItemFailures] : [] };

        Assert.Contains(expected, Told(Some.Figures with { Discarded = 50, InnocentCasualties = 49 }, "are given up", mapping), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.012, "Of 1,000 records 12 are delivered again")]
    [InlineData(1.235, "A record is delivered again 1.2 times in the mean")]
    public void Repeated_deliveries_are_told_for_a_thousand_records_or_for_one(double perRecord, string expected) =>
        Told(Some.Figures with { DuplicateDeliveries = (long)(perRecord * 1_000_000) }, expected);

    /// <summary>On two shards their sum would take it, and on one a second shard would not help.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_key_that_is_more_than_a_shard_takes_is_named(int shards)
    {
        string sentence = Assert.Single(Advice(ListedTraffic.Even(1_500, TimeSpan.FromSeconds(20), keys: 1), Some.Figures, shards: shards), told => told.Contains("producers would be throttled", StringComparison.Ordinal));

        Assert.Contains("Key `key-0` alone does so (", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("at least", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_more_shards_divide_are_told_how_many_it_takes()
    {
        List<Arrival> arrivals = [.. Enumerable.Range(0, 30_000).Select(i => new Arrival(i * TimeSpan.TicksPerSecond / 2_500, UInt128.MaxValue / 100 * (UInt128)(i % 100), 8, 100))];

        Assert.Contains(Advice(new ListedTraffic(arrivals), Some.Figures), told => told.EndsWith("It needs at least 3 shards.", StringComparison.Ordinal));
        Assert.DoesNotContain(Advice(new ListedTraffic(arrivals), Some.Figures, shards: 3), told => told.Contains("throttled", StringComparison.Ordinal));
    }

    /// <summary>The sentence that says so, where every run has the figures.</summary>
    private static string Told(SimulationFigures figures, string part, EventSourceMapping? mapping = null) =>
        Assert.Single(Advice(new ListedTraffic([.. Enumerable.Range(0, 100).Select(i => new Arrival(i * TimeSpan.TicksPerSecond, (UInt128)(i % 10), 8, 100))]), figures, mapping), sentence => sentence.Contains(part, StringComparison.Ordinal));

    private static ImmutableArray<string> Advice(StreamTraffic traffic, SimulationFigures figures, EventSourceMapping? mapping = null, int shards = 1) => new MappingTuner(
        new TuningRequest
        {
            Traffic = traffic,
            Handler = new HandlerModel { Fixed = TimeSpan.FromMilliseconds(20) },
            Grid = new SettingGrid
            {
                Base = mapping ?? new(),
                BatchSizes = [100],
                Windows = [0],
                ParallelizationFactors = [1],
                Consumers = [PollingMode.Aws],
                Shards = [shards],
                Bisect = [mapping?.BisectBatchOnFunctionError ?? false],
            },
            Prices = Some.Prices,
            PricesName = "test",
            Threads = 1,
        },
        (_, _) => figures, TimeProvider.System).Run(cancellation: TestContext.Current.CancellationToken).Advice;
}
