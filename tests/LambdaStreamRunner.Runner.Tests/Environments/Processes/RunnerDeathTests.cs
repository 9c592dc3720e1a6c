using System.Globalization;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>However a runner ends, nothing that it has started is left: no process, no cgroup.</summary>
public sealed class RunnerDeathTests
{
    /// <summary>A process, its child, and a daemon in a session of its own whose parent has ended, telling their ids.</summary>
    private const string Script = """
        echo $$
        sh -c 'echo $$; exec sleep 1000' &
        (setsid sh -c 'echo $$; exec sleep 1000' &)
        wait
        exec sleep 1000
        """;

    [Theory]
    [InlineData("KILL", nameof(Confinement.Strongest))]
    [InlineData("KILL", nameof(Confinement.Watched))]
    [InlineData("INT", nameof(Confinement.Strongest))]
    [InlineData("TERM", nameof(Confinement.Watched))]
    public async Task Nothing_lives_on(string signal, string confinement)
    {
        using Starter starter = Starter.Run("stay", confinement, Script, Script);
        var family = new int[6];
        for (int index = 0; index < family.Length; index++)
            family[index] = int.Parse(await starter.LineAsync(), CultureInfo.InvariantCulture);
        string mark = MarkOf(family[0]);
        Assert.NotEmpty(WatchdogsOf(mark));
        Assert.Superset(family.ToHashSet(), ProcessTable.Read().Select(process => process.Id).ToHashSet());

        await starter.SignalAsync(signal);
        await starter.EndedAsync();
        CancellationToken patience = Patience.Token;
        while (ProcessTable.Read().Any(process => family.Contains(process.Id)) || WatchdogsOf(mark).Any())
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience);
        Assert.Empty(CgroupsOf(mark));
    }

    [Theory]
    [InlineData(nameof(Confinement.Strongest))]
    [InlineData(nameof(Confinement.Watched))]
    public async Task Starts_and_ends_leave_no_file_open(string confinement)
    {
        const string MoreThanTheRuntimeOpens = "40";
        using Starter starter = Starter.Run("restart", confinement, MoreThanTheRuntimeOpens);
        JsonNode figures = JsonNode.Parse(await starter.LineAsync())!;
        await starter.EndedAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(figures.ToJsonString());
        const int OfTheRuntime = 12;   // assemblies that are loaded when they are first needed
        Assert.InRange((int)figures["filesAfter"]! - (int)figures["filesBefore"]!, int.MinValue, OfTheRuntime);
        Assert.DoesNotContain(ProcessTable.Read(), process => process.Session == starter.Id);
    }

    /// <summary>What all environments of the runner of this one are marked with.</summary>
    private static string MarkOf(int id)
    {
        string mark = ProcessMarks.Find(ProcessTable.EnvironmentOf(id));
        return mark[..(mark.LastIndexOf('-') + 1)];
    }

    private static IEnumerable<int> WatchdogsOf(string mark) =>
        ProcessTable.Read().Select(process => process.Id).Where(id => CommandLines.Of(id).Contains(ProcessMarks.Variable + "=" + mark, StringComparison.Ordinal));

    private static IEnumerable<string> CgroupsOf(string mark) =>
        CgroupPlace.Candidates(File.ReadAllText("/proc/self/mountinfo"), File.ReadAllText("/proc/self/cgroup"))
            .Where(place => Directory.Exists(place.Folder))
            .SelectMany(place => Directory.GetDirectories(place.Folder, "lambda-stream-runner-*"))
            .Where(folder => folder.Contains(mark.TrimEnd('-'), StringComparison.Ordinal));
}
