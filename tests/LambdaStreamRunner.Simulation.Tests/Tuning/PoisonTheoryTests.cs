using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

/// <summary>The oracle table of reference/tuning.md 2.2: means of 400 and 60 random placements.</summary>
public class PoisonTheoryTests
{
    [Theory]
    [InlineData(100, 1, 14.4, 2.98)]
    [InlineData(100, 2, 24.1, 3.65)]
    [InlineData(100, 10, 74.2, 5.62)]
    [InlineData(1_000, 1, 20.9, 3.00)]
    [InlineData(1_000, 5, 78.5, 4.80)]
    [InlineData(10_000, 1, 27.7, 3.00)]
    [InlineData(10_000, 10, 202, 5.67)]
    public void Bisecting_takes_the_invocations_and_deliveries_of_the_table(int batch, int poison, double invocations, double deliveriesPerRecord)
    {
        Assert.Equal(invocations, PoisonTheory.BisectInvocationsMean(batch, poison, retries: 0), invocations * 0.02);
        Assert.Equal(deliveriesPerRecord, PoisonTheory.BisectDeliveriesMean(batch, poison, retries: 0) / batch, deliveriesPerRecord * 0.02);
    }

    [Theory]
    [InlineData(100, 2, 25.6)]
    [InlineData(100, 10, 85.4)]
    [InlineData(1_000, 5, 85.4)]
    [InlineData(10_000, 10, 218)]
    public void At_the_worst_places_it_takes_those_of_the_bound(int batch, int poison, double invocations) =>
        Assert.Equal(invocations, PoisonTheory.BisectInvocationsWorst(batch, poison, retries: 0), invocations * 0.02);

    [Theory]
    [InlineData(100, 1, 6.6)]
    [InlineData(100, 10, 44.0)]
    [InlineData(10_000, 10, 111)]
    public void No_search_needs_fewer_tests_than_there_are_bits(int batch, int poison, double tests) =>
        Assert.Equal(tests, PoisonTheory.TestsMin(batch, poison), tests * 0.02);

    [Fact]
    public void In_a_batch_of_a_power_of_two_mean_and_formula_are_the_same()
    {
        Assert.Equal(15 + 3, PoisonTheory.BisectInvocations(128, retries: 3));
        Assert.Equal(18, PoisonTheory.BisectInvocationsMean(128, 1, retries: 3), 9);
    }

    [Fact]
    public void A_poison_record_holds_its_lane_for_the_fixed_parts_and_three_times_the_batch() =>
        Assert.Equal(TimeSpan.FromMilliseconds((15 * 20) + (3 * 128)),
            PoisonTheory.BisectBlockedTime(128, 0, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(1), TimeSpan.Zero));
}
