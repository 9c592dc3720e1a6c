using System.Text.RegularExpressions;
using LambdaStreamRunner.Core.Tests.House;

namespace LambdaStreamRunner.Runner.Tests.Readme;

/// <summary>The table of parameters and promises in the runner's README cannot go stale: what it names exists, and no parameter is missing.</summary>
public partial class CompatibilityTests
{
    private static readonly (string Promise, string Test)[] Rows =
    [
        .. File.ReadAllLines(Path.Combine(Repository.Root, "src", "LambdaStreamRunner.Runner", "README.md"))
            .Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => (row.Groups["promise"].Value, row.Groups["test"].Value)),
    ];

    [Fact]
    public void Every_promise_is_shown_by_a_test_that_exists() => Assert.All(Rows, row =>
    {
        string[] name = row.Test.Split('.');
        Assert.True(NamedTests.Exists(name[0], name[1]), $"{row.Promise}: there is no test {row.Test}.");
    });

    [Theory]
    [InlineData("EventSourceArn")]
    [InlineData("FunctionName")]
    [InlineData("Enabled")]
    [InlineData("BatchSize")]
    [InlineData("MaximumBatchingWindowInSeconds")]
    [InlineData("ParallelizationFactor")]
    [InlineData("StartingPosition")]
    [InlineData("StartingPositionTimestamp")]
    [InlineData("MaximumRecordAgeInSeconds")]
    [InlineData("MaximumRetryAttempts")]
    [InlineData("BisectBatchOnFunctionError")]
    [InlineData("TumblingWindowInSeconds")]
    [InlineData("FunctionResponseTypes")]
    [InlineData("FilterCriteria")]
    [InlineData("KMSKeyArn")]
    [InlineData("DestinationConfig.OnFailure")]
    [InlineData("DestinationConfig.OnSuccess")]
    [InlineData("MetricsConfig")]
    [InlineData("Tags")]
    public void Every_parameter_has_a_row(string parameter) => Assert.Contains(Rows, row => row.Promise.Contains(parameter, StringComparison.Ordinal));

    [GeneratedRegex(@"^\| (?<promise>[^|]+) \| [^|]+ \| `(?<test>\w+\.\w+)` \|$")]
    private static partial Regex Row();
}
