using System.Text.Json;
using LambdaStreamRunner.Core.Tests.House;

namespace LambdaStreamRunner.Host.Tests.Docs;

/// <summary>What F5 starts in Visual Studio, Rider and VS Code is there, and is understood.</summary>
public class LaunchProfilesTests
{
    private const string Program = "artifacts/bin/LambdaStreamRunner.Host/debug/LambdaStreamRunner.Host.dll";

    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip };

    private static readonly JsonElement[] Tasks = [.. Read(".vscode/tasks.json").GetProperty("tasks").EnumerateArray()];

    private static readonly JsonElement[] Configurations = [.. Read(".vscode/launch.json").GetProperty("configurations").EnumerateArray()];

    [Theory]
    [InlineData("functions/AccessLog")]
    [InlineData("functions/OrderTracker")]
    public void Visual_Studio_and_Rider_start_the_program_itself(string folder)
    {
        JsonElement profile = Assert.Single(Read($"{folder}/Properties/launchSettings.json").GetProperty("profiles").EnumerateObject()).Value;
        string[] words = Text(profile, "commandLineArgs").Split(' ');

        Assert.Equal(("Executable", "dotnet", "$(ProjectDir)"), (Text(profile, "commandName"), Text(profile, "executablePath"), Text(profile, "workingDirectory")));
        Assert.Equal(Path.Combine(Repository.Root, Program), Path.GetFullPath(Path.Combine(Repository.Root, folder, words[0])));
        DevelopingPageTests.AssertRuns(words[1..], Path.Combine(Repository.Root, folder));
    }

    [Fact]
    public void VS_Code_starts_the_program_that_it_has_built()
    {
        JsonElement launch = Assert.Single(Configurations, configuration => Text(configuration, "request") == "launch");

        Assert.Equal($"${{workspaceFolder}}/{Program}", Text(launch, "program"));
        Assert.Equal("${workspaceFolder}", Text(launch, "cwd"));
        DevelopingPageTests.AssertRuns(Words(launch), Repository.Root);
        Assert.Equal(["build", "src/LambdaStreamRunner.Host"], Words(TaskOf(launch)));
        Assert.True(File.Exists(Path.Combine(Repository.Root, "src/LambdaStreamRunner.Host/LambdaStreamRunner.Host.csproj")));
    }

    [Theory]
    [InlineData("node", 9229, "Attach a JavaScript debugger to 127.0.0.1:9229 (")]
    [InlineData("debugpy", 5678, "Attach a Python debugger to 127.0.0.1:5678 (")]
    public void VS_Code_attaches_to_environments_that_it_has_started(string type, int port, string said)
    {
        JsonElement attach = Assert.Single(Configurations, configuration => Text(configuration, "type") == type);
        JsonElement at = attach.TryGetProperty("connect", out JsonElement connect) ? connect : attach;
        JsonElement task = TaskOf(attach);
        string[] words = Words(task);

        Assert.Equal(("attach", port), (Text(attach, "request"), at.GetProperty("port").GetInt32()));
        Assert.Equal(["run", "--project", "src/LambdaStreamRunner.Host", "--"], words[..4]);
        DevelopingPageTests.AssertRuns(words[4..], Repository.Root);
        Assert.StartsWith(Text(task.GetProperty("problemMatcher").GetProperty("background"), "endsPattern"), said, StringComparison.Ordinal);
    }

    private static JsonElement TaskOf(JsonElement configuration) =>
        Assert.Single(Tasks, task => Text(task, "label") == Text(configuration, "preLaunchTask"));

    private static string[] Words(JsonElement at) => [.. at.GetProperty("args").EnumerateArray().Select(word => word.GetString()!)];

    private static string Text(JsonElement at, string name) => at.GetProperty(name).GetString()!;

    private static JsonElement Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, path)), WithComments);
        return document.RootElement.Clone();
    }
}
