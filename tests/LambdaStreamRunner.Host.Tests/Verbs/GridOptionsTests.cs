using System.CommandLine;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Host.Verbs;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Tests.Verbs;

public class GridOptionsTests
{
    [Fact]
    public void Without_options_the_grid_has_the_usual_values_on_one_shard() => Assert.Equal(2_080, Read().Grid!.Count);

    [Fact]
    public void Options_name_values_ranges_and_what_stays()
    {
        SettingGrid grid = Read("--shards", "1-3", "--batch-sizes", "100,10", "--windows", "0", "--parallelization", "1,4-5", "--consumer", "efo", "--fix", "MaximumRetryAttempts=2", "--report-batch-item-failures").Grid!;

        Assert.Equal([1, 2, 3], grid.Shards);
        Assert.Equal([10, 100], grid.BatchSizes);
        Assert.Equal([1, 4, 5], grid.ParallelizationFactors);
        Assert.Equal([PollingMode.Push], grid.Consumers);
        Assert.All(grid.Settings(), setting => Assert.Equal((2, true), (setting.Mapping.MaximumRetryAttempts, setting.Mapping.ReportsBatchItemFailures)));
        Assert.Equal(3 * 2 * 3, grid.Count);
    }

    [Theory]
    [InlineData("--shards", "0", "ShardCount is '0'")]
    [InlineData("--shards", "4-1", "ShardCount is '4-1'")]
    [InlineData("--batch-sizes", "1,20000", "BatchSize is '20000'; it takes whole numbers from 1 to 10,000")]
    [InlineData("--parallelization", "1-11", "ParallelizationFactor is '11'")]
    [InlineData("--consumer", "fast", "standard or EFO")]
    [InlineData("--fix", "BatchSize", "it takes a knob and its value")]
    [InlineData("--fix", "Batch=1", "the nearest is BatchSize")]
    [InlineData("--max-concurrency", "0", "it can be 1 or more")]
    public void A_value_that_AWS_does_not_take_is_refused(string option, string value, string expected) =>
        Assert.Contains(expected, Read(option, value).Mistake, StringComparison.Ordinal);

    private static (SettingGrid? Grid, string? Mistake) Read(params string[] arguments)
    {
        var options = new GridOptions();
        var command = new Command("tune");
        foreach (Option option in options.All)
            command.Add(option);
        ParseResult parsed = command.Parse(arguments);
        Assert.Empty(parsed.Errors);
        return options.TryRead(parsed, FailureModel.None, out SettingGrid? grid, out string? mistake) ? (grid, null) : (null, mistake);
    }
}
