using System.CommandLine;
using System.Text.RegularExpressions;
using LambdaStreamRunner.Core.Tests.House;
using LambdaStreamRunner.Host.Verbs;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Debugging;

namespace LambdaStreamRunner.Host.Tests.Docs;

/// <summary>The commands of docs/developing.md are what the program takes, and what they name is there.</summary>
public sealed partial class DevelopingPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "developing.md"));

    [Fact]
    public void Every_command_is_understood_and_names_a_configuration_and_a_function_that_are_there()
    {
        string[] lines = [.. Block().Matches(Page).SelectMany(block => block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))];

        Assert.Equal(5, lines.Length);
        Assert.All(lines, line => AssertRuns(line.Split(' ')[1..], Repository.Root));
    }

    [Fact]
    public void Every_file_that_is_linked_is_there()
    {
        string[] links = [.. Link().Matches(Page).Select(link => link.Groups[1].Value)];

        Assert.Equal(2, links.Length);
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", link)), link));
    }

    /// <summary>Words that follow the program's name: the verb, options that it has, a configuration without mistakes, a function in it that can be debugged.</summary>
    internal static void AssertRuns(string[] words, string folder)
    {
        var options = new RunOptions();
        var run = new Command("run");
        options.AddTo(run);
        ParseResult parsed = new Command("lambda-stream") { run }.Parse(words);
        Assert.Empty(parsed.Errors);
        Assert.Empty(options.Mistakes(parsed));

        string file = Path.Combine(folder, parsed.GetValue(options.Config)!);
        ConfigurationResult read = ConfigurationFile.Read(file, ConfigurationOverrides.None, TimeProvider.System.GetUtcNow());
        Assert.True(read.IsValid, $"{file}: {string.Join('\n', read.Errors)}");
        if (parsed.GetValue(options.Debug) is { } function)
            Assert.Null(new FunctionDebugging(function, parsed.GetValue(options.DebugPort)).MistakeIn(read.Configuration));
    }

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\]\((\.\./[^)]+)\)")]
    private static partial Regex Link();
}
