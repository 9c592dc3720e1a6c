using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

public class KnobAdviceTests
{
    private static readonly CostModel Costs = new(Some.Prices, Architecture.X86, 128, 360_000);

    [Fact]
    public void A_change_that_may_be_chance_is_not_told() =>
        Assert.Empty(Sentences(chosen: [100, 500, 900], other: [900, 500, 1_200]));

    /// <summary>The seeds differ among themselves by more than the two settings do, but each seed tells the same of them.</summary>
    [Fact]
    public void Chance_that_both_settings_met_does_not_hide_what_the_setting_does() =>
        Assert.Equal("BatchSize 100 → 500 adds 200 ms (±25 ms) to the p99 of the iterator age.", Assert.Single(Sentences(chosen: [100, 500, 900], other: [300, 690, 1_110])));

    /// <summary>The chosen setting has ten seeds; those that its neighbour never met tell nothing about the difference.</summary>
    [Fact]
    public void Only_seeds_that_both_settings_met_are_compared() =>
        Assert.Empty(Sentences(chosen: [100, 500, 900, 9_000, 9_000, 9_000, 9_000], other: [100, 500, 900]));

    [Fact]
    public void What_hardly_changes_is_said_to_hardly_change() =>
        Assert.Equal("BatchSize 100 → 500 saves 50 % of the invocations and hardly changes the p99 of the iterator age.", Assert.Single(Sentences(chosen: [500, 500, 500], other: [501, 500, 499], invocationsOfOther: 500_000)));

    [Fact]
    public void Of_an_age_that_may_change_nothing_is_said() =>
        Assert.Equal("BatchSize 100 → 500 saves 50 % of the invocations.", Assert.Single(Sentences(chosen: [100, 500, 900], other: [900, 500, 400], invocationsOfOther: 500_000)));

    private static IEnumerable<string> Sentences(double[] chosen, double[] other, long invocationsOfOther = 1_000_000)
    {
        TunedSetting setting = Some.Point(batchSize: 100).Setting;
        TunedSetting next = Some.Point(batchSize: 500).Setting;
        SimulationFigures[] runs = [.. chosen.Select(age => RunOf(age, 1_000_000))];
        SimulationFigures[] others = [.. other.Select(age => RunOf(age, invocationsOfOther))];
        TunedPoint centre = Estimates.Point(setting, runs, Costs, objective: null);
        return new KnobAdvice(centre,
        [
            new KnobSensitivity("BatchSize",
            [
                new KnobStep("100", centre, IsChosen: true),
                new KnobStep("500", Estimates.Point(next, others, Costs, objective: null), IsChosen: false) { Effect = Estimates.Effect(setting, runs, next, others, Costs) },
            ]),
        ]).Sentences();
    }

    private static SimulationFigures RunOf(double age, long invocations) =>
        Some.Figures with { IteratorAge = new Distribution(1, age, age, age, age, age, age, age), Invocations = invocations };
}
