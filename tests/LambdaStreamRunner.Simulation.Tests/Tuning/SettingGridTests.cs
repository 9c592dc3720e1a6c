using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

public class SettingGridTests
{
    [Fact]
    public void A_grid_has_every_combination_once()
    {
        SettingGrid grid = new() { Shards = [1, 2] };
        TunedSetting[] settings = [.. grid.Settings()];

        Assert.Equal(2 * 2 * 10 * 13 * 8, grid.Count);
        Assert.Equal(grid.Count, settings.Distinct().Count());
        Assert.Equal(settings.OrderBy(setting => setting.Shards), settings);
    }

    [Fact]
    public void Knobs_of_failures_are_turned_only_where_something_fails()
    {
        Assert.Equal([false], SettingGrid.For(FailureModel.None).Bisect);
        Assert.Equal([false, true], SettingGrid.For(new FailureModel { TransientRate = 0.1 }).Bisect);
        Assert.DoesNotContain(EventSourceMapping.Unlimited, SettingGrid.For(new FailureModel { PoisonRate = 0.1 }).RetryAttempts);
    }

    [Fact]
    public void A_knob_is_turned_while_the_others_stay()
    {
        var setting = new TunedSetting(2, new EventSourceMapping { BatchSize = 300, ParallelizationFactor = 3, LanePolicy = LanePolicy.DynamicKeys, Polling = PollingMode.Push });

        TunedSetting[] around = [.. TuningKnob.BatchSize.Around(new SettingGrid { BatchSizes = [100, 500] }, setting)];

        Assert.Equal([setting with { Mapping = setting.Mapping with { BatchSize = 100 } }, setting, setting with { Mapping = setting.Mapping with { BatchSize = 500 } }], around);
    }

    [Theory]
    [InlineData("BatchSize", "100", "100")]
    [InlineData("batchsize", "10000", "10000")]
    [InlineData("Consumer", "efo", "EFO")]
    [InlineData("BisectBatchOnFunctionError", "true", "true")]
    [InlineData("MaximumRetryAttempts", "-1", "-1")]
    [InlineData("MaximumRecordAgeInSeconds", "60", "60")]
    public void A_knob_takes_the_values_that_AWS_takes(string knob, string value, string written)
    {
        TuningKnob named = TuningKnob.Named(knob);
        SettingGrid grid = named.With(new SettingGrid(), [value]);

        Assert.Equal([written], named.ValuesIn(grid));
        Assert.All(grid.Settings(), setting => Assert.Equal(written, named.ValueIn(setting)));
    }

    [Theory]
    [InlineData("BatchSize", "0", "from 1 to 10,000")]
    [InlineData("BatchSize", "many", "from 1 to 10,000")]
    [InlineData("MaximumBatchingWindowInSeconds", "301", "from 0 to 300")]
    [InlineData("ParallelizationFactor", "11", "from 1 to 10")]
    [InlineData("Consumer", "fast", "standard or EFO")]
    [InlineData("BisectBatchOnFunctionError", "yes", "false or true")]
    [InlineData("MaximumRecordAgeInSeconds", "59", "at least 60")]
    public void Others_are_refused_with_those_it_takes(string knob, string value, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => TuningKnob.Named(knob).With(new SettingGrid(), [value])).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_knob_is_refused_with_the_nearest() =>
        Assert.Contains("the nearest is BatchSize", Assert.Throws<FormatException>(() => TuningKnob.Named("BachSize")).Message, StringComparison.Ordinal);
}
