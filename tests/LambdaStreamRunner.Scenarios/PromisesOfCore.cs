using System.Reflection;
using System.Text.RegularExpressions;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Tests.House;

namespace LambdaStreamRunner.Scenarios;

/// <summary>The table of promises in Core's README cannot go stale: what it names exists.</summary>
public partial class PromisesOfCore
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "src", "LambdaStreamRunner.Core", "README.md"));

    private static readonly HashSet<string> TypesOfCore = [.. typeof(ShardMachine).Assembly.GetTypes().Select(type => type.Name)];

    private static readonly Promise[] Promises = [.. Lines.Select(line => Row().Match(line)).Where(row => row.Success).Select(row => new Promise(row))];

    [Fact]
    public void Every_row_is_read() =>
        Assert.Equal(Lines.Count(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| Promise |", StringComparison.Ordinal)), Promises.Length);

    [Fact]
    public void Every_promise_names_a_page_of_AWS() => Assert.All(
        Promises,
        promise => Assert.Contains(Lines, line => line.StartsWith($"[{promise.Page}]: https://docs.aws.amazon.com/", StringComparison.Ordinal)));

    [Fact]
    public void Every_promise_names_a_type_of_Core() => Assert.All(Promises, promise => Assert.Contains(promise.Type, TypesOfCore));

    [Fact]
    public void Every_promise_names_a_test() => Assert.All(
        Promises,
        promise => Assert.True(IsScenario(promise) || NamedTests.Exists(promise.TestClass, promise.Test), $"There is no test {promise.TestClass}.{promise.Test}."));

    [Fact]
    public void Every_page_is_used() => Assert.All(
        Lines.Where(line => line.StartsWith('[')),
        line => Assert.Contains(Promises, promise => line.StartsWith($"[{promise.Page}]:", StringComparison.Ordinal)));

    private static bool IsScenario(Promise promise) =>
        Array.Find(Assembly.GetExecutingAssembly().GetTypes(), type => type.Name == promise.TestClass)?.GetMethod(promise.Test)?
            .IsDefined(typeof(FactAttribute)) == true;

    [GeneratedRegex(@"^\| (?<promise>[^|]+) \| \[(?<page>\w+)\] \| `(?<type>\w+)` \| `(?<class>\w+)\.(?<test>\w+)` \|$")]
    private static partial Regex Row();

    private sealed record Promise(string Page, string Type, string TestClass, string Test)
    {
        public Promise(Match row)
            : this(row.Groups["page"].Value, row.Groups["type"].Value, row.Groups["class"].Value, row.Groups["test"].Value)
        {
        }
    }
}
