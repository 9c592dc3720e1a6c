using System.Collections.Immutable;
using CsCheck;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

public class ServiceLevelObjectiveTests
{
    [Theory]
    [InlineData("iteratorAge.p99 < 2s", "iteratorAge.p99", ObjectiveComparison.Below, 2_000)]
    [InlineData("iteratorAge.p99<2s", "iteratorAge.p99", ObjectiveComparison.Below, 2_000)]
    [InlineData("ITERATORAGE.P99 <= 1.5 S", "iteratorAge.p99", ObjectiveComparison.AtMost, 1_500)]
    [InlineData("latency.max ≤ 250ms", "latency.max", ObjectiveComparison.AtMost, 250)]
    [InlineData("drainTime < 2m", "drainTime", ObjectiveComparison.Below, 120_000)]
    [InlineData("latency.mean < 1h", "latency.mean", ObjectiveComparison.Below, 3_600_000)]
    [InlineData("costPerMillion < $0.5", "costPerMillion", ObjectiveComparison.Below, 0.5)]
    [InlineData("costPerMillion < .5", "costPerMillion", ObjectiveComparison.Below, 0.5)]
    [InlineData("discarded <= 0", "discarded", ObjectiveComparison.AtMost, 0)]
    [InlineData("invocationsPerMillion < 1e5", "invocationsPerMillion", ObjectiveComparison.Below, 100_000)]
    public void A_limit_has_a_figure_a_comparison_and_a_value_with_its_unit(string text, string figure, ObjectiveComparison comparison, double value)
    {
        ObjectiveLimit limit = Assert.Single(ServiceLevelObjective.Parse(text).Limits);

        Assert.Equal((figure, comparison, value), (limit.Figure.Name, limit.Comparison, limit.Value));
    }

    [Theory]
    [InlineData("iteratorAge.p99 < 2s and costPerMillion < $0.5")]
    [InlineData("iteratorAge.p99 < 2s, costPerMillion < $0.5")]
    [InlineData("iteratorAge.p99 < 2s AND costPerMillion<0.5")]
    public void Limits_are_joined_by_and_or_commas(string text) =>
        Assert.Equal(["iteratorAge.p99", "costPerMillion"], ServiceLevelObjective.Parse(text).Limits.Select(limit => limit.Figure.Name));

    [Theory]
    [InlineData("iteratorAge.p98 < 2s", "the nearest is iteratorAge.p9")]
    [InlineData("iterator.p99 < 2s", "the nearest is iteratorAge.p99")]
    [InlineData("costPerMilion < 2", "the nearest is costPerMillion")]
    [InlineData("iteratorAge.p99 < 2", "needs a unit: ms, s, m or h")]
    [InlineData("iteratorAge.p99 < 2 days", "'days' is no unit of time")]
    [InlineData("iteratorAge.p99 > 2s", "use < or <=")]
    [InlineData("iteratorAge.p99 = 2s", "use < or <=")]
    [InlineData("peakConcurrency < 5s", "a number without a unit")]
    [InlineData("peakConcurrency < $5", "leave the $ away")]
    [InlineData("costPerMillion < 5s", "US dollars")]
    [InlineData("iteratorAge.p99", "is no limit")]
    [InlineData("", "empty limit")]
    [InlineData("iteratorAge.p99 < 2s and", "empty limit")]
    [InlineData("iteratorAge.p99 < -2s", "is no limit")]
    [InlineData("iteratorAge.p99 < 1e999s", "is no number")]
    [InlineData("latency.p50 < 1s, latency.p50 < 2s", "has two limits")]
    public void What_is_no_objective_says_what_is_wrong_and_what_is_allowed(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => ServiceLevelObjective.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_written_reads_the_same_again() =>
        Gen.Select(Gen.Int[0, ObjectiveFigure.All.Length - 1].Select(i => ObjectiveFigure.All[i]), Gen.Enum<ObjectiveComparison>(), Gen.Int[0, 10_000_000].Select(tenths => tenths / 10.0))
            .Array[1, 4].Where(limits => limits.Select(limit => limit.Item1).Distinct().Count() == limits.Length)
            .Sample(limits =>
            {
                var objective = new ServiceLevelObjective([.. limits.Select(limit => new ObjectiveLimit(limit.Item1, limit.Item2, limit.Item3))]);
                ServiceLevelObjective again = ServiceLevelObjective.Parse(objective.ToString());
                Assert.Equal(objective.Limits.Select(limit => (limit.Figure, limit.Comparison)), again.Limits.Select(limit => (limit.Figure, limit.Comparison)));
                Assert.All(objective.Limits.Zip(again.Limits), pair => Assert.Equal(pair.First.Value, pair.Second.Value, 1e-6));
            });

    [Fact]
    public void No_text_makes_it_fail_otherwise_than_with_a_message() =>
        Gen.String.Sample(text =>
        {
            try
            {
                ServiceLevelObjective.Parse(text);
            }
            catch (FormatException bad)
            {
                Assert.NotEmpty(bad.Message);
            }
        });

    [Fact]
    public void It_is_met_by_the_upper_bound_only()
    {
        var objective = ServiceLevelObjective.Parse("latency.p99 < 2s");

        Assert.True(objective.IsMetBy(Measured(new Estimate(1_900, 1_850, 1_950))));
        Assert.False(objective.IsMetBy(Measured(new Estimate(1_900, 1_750, 2_050))));
        Assert.False(objective.IsMetBy(Measured(new Estimate(1_990, 1_980, 2_000))));
        Assert.Equal(0.025, objective.DistanceOf(Measured(new Estimate(1_900, 1_750, 2_050))), 6);
    }

    [Fact]
    public void A_setting_that_is_not_stable_meets_nothing()
    {
        var objective = ServiceLevelObjective.Parse("latency.p99 < 2s");
        TunedPoint point = Measured(Some.Exactly(1)) with { Figures = Some.Figures with { IsStable = false } };

        Assert.False(objective.IsMetBy(point));
        Assert.Equal(double.PositiveInfinity, objective.DistanceOf(point));
    }

    private static TunedPoint Measured(Estimate latency) =>
        Some.Point() with { Objectives = ImmutableDictionary<string, Estimate>.Empty.Add("latency.p99", latency) };
}
