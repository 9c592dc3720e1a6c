using System.CommandLine;
using System.Reflection;
using System.Text.RegularExpressions;
using LambdaStreamRunner.Host.Tests.Verbs;
using LambdaStreamRunner.Host.Verbs;

namespace LambdaStreamRunner.Host.Tests.Docs;

/// <summary>The examples of docs/tune-before-you-deploy.md, and of the README about it, are what the program takes.</summary>
public sealed partial class TuningPageTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("TuningPage", 8)]
    [InlineData("Readme", 4)]
    public void Every_command_is_understood(string page, int commands)
    {
        var root = new Command("lambda-stream") { CaptureVerb.Create(), MeasureVerb.Create(), SimulateVerb.Create(), TuneVerb.Create() };
        string[] lines = [.. Blocks(page, "sh").SelectMany(block => block.Split('\n')).Where(line => Tuning().IsMatch(line)).Select(line => Comment().Replace(line, ""))];

        Assert.Equal(commands, lines.Length);
        Assert.All(lines, line => Assert.Empty(root.Parse(ArgumentsOf(line)).Errors));
    }

    [Fact]
    public async Task The_check_for_CI_holds_and_is_broken_by_a_slower_handler()
    {
        string check = Assert.Single(Blocks("TuningPage", "json"));
        _workspace.Write("slo.json", check);
        _workspace.Write("slower.json", check.Replace("1ms/record", "9ms/record", StringComparison.Ordinal));

        (int kept, string output, string error) = await LambdaStream.RunAsync(_workspace, ["tune", "--check", "slo.json"]);
        (int broken, _, _) = await LambdaStream.RunAsync(_workspace, ["tune", "--check", "slower.json"]);

        Assert.True(kept == 0, output + error);
        Assert.Equal(1, broken);
    }

    [Fact]
    public async Task The_first_simulation_says_where_the_time_goes()
    {
        string line = Blocks("TuningPage", "sh").SelectMany(block => block.Split('\n')).First(line => line.StartsWith("lambda-stream simulate", StringComparison.Ordinal));
        (int exitCode, string output, string error) = await LambdaStream.RunAsync(_workspace, ArgumentsOf(line));

        Assert.True(exitCode == 0, output + error);
        Assert.Contains("Where the time goes", output, StringComparison.Ordinal);
    }

    private static string[] ArgumentsOf(string line) => [.. Argument().Matches(line).Skip(1).Select(argument => argument.Value.Trim('\''))];

    private static IEnumerable<string> Blocks(string page, string language)
    {
        string text = File.ReadAllText(typeof(TuningPageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == page).Value!);
        return Block().Matches(text).Where(block => block.Groups[1].Value == language).Select(block => block.Groups[2].Value);
    }

    [GeneratedRegex(@"^```(\w*)\n(.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("^lambda-stream (capture|measure|simulate|tune) ")]
    private static partial Regex Tuning();

    [GeneratedRegex(" {2,}# .*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"'[^']*'|\S+")]
    private static partial Regex Argument();
}
