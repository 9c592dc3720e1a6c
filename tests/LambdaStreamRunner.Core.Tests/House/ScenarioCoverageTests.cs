using System.Globalization;
using System.Text.RegularExpressions;

namespace LambdaStreamRunner.Core.Tests.House;

/// <summary>Each numbered scenario of an event source mapping's behaviour has a test that carries its number.</summary>
public partial class ScenarioCoverageTests
{
    private const int Scenarios = 117;

    [Fact]
    public void S_01_to_S_117_have_a_test_each()
    {
        HashSet<int> tested = [];
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories))
        {
            foreach (Match test in TestName().Matches(File.ReadAllText(file)))
                tested.UnionWith(test.Groups["number"].Captures.Select(number => int.Parse(number.Value, CultureInfo.InvariantCulture)));
        }

        Assert.Empty(Enumerable.Range(1, Scenarios).Except(tested));
    }

    [GeneratedRegex(@"public (?:async )?(?:void|Task) (?:S_(?<number>\d+)_)+")]
    private static partial Regex TestName();
}
