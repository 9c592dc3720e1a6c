using System.Globalization;
using System.Text.RegularExpressions;
using LambdaStreamRunner.Core.Tests.House;

namespace LambdaStreamRunner.StreamServer.Tests;

/// <summary>The table of checks in the stream server's README cannot go stale: it has all of them, and what it names exists.</summary>
public partial class ConformanceTests
{
    private static readonly (int Number, string[] Tests)[] Checks =
    [
        .. File.ReadAllLines(Path.Combine(Repository.Root, "src", "LambdaStreamRunner.StreamServer", "README.md"))
            .Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => (int.Parse(row.Groups["number"].Value, CultureInfo.InvariantCulture), row.Groups["test"].Captures.Select(test => test.Value).ToArray())),
    ];

    [Fact]
    public void All_sixty_checks_are_there_in_order() => Assert.Equal(Enumerable.Range(1, 60), Checks.Select(check => check.Number));

    [Fact]
    public void Every_check_is_shown_by_tests_that_exist() => Assert.All(Checks, check => Assert.All(check.Tests, test =>
    {
        string[] name = test.Split('.');
        Assert.True(NamedTests.Exists(name[0], name[1]), $"Check {check.Number}: there is no test {test}.");
    }));

    [GeneratedRegex(@"^\| (?<number>\d+) \| [^|]+ \| `(?<test>\w+\.\w+)`(, `(?<test>\w+\.\w+)`)* \|$")]
    private static partial Regex Row();
}
