using System.Globalization;
using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>What a process has started ends with it, wherever it hides.</summary>
public abstract class DescendantTests : HostedProcesses
{
    /// <summary>A child, one in a session of its own, and one in a session of its own whose parent has ended; each tells its id.</summary>
    private const string Family = """
        sh -c 'echo $$; exec sleep 1000' &
        setsid sh -c 'echo $$; exec sleep 1000' &
        (setsid sh -c 'echo $$; exec sleep 1000' & )
        """;

    [Fact]
    public async Task Killing_it_ends_children_and_daemons()
    {
        await using Shell shell = await Shell.RunAsync(Host, Family + "\nwait; exec sleep 1000");
        int[] family = [shell.Process.Id, .. await IdsAsync(shell, 3)];
        Assert.All(family, id => Assert.True(IsAlive(id)));
        shell.Process.Kill();
        await shell.ExitedAsync();
        Assert.All(family, id => Assert.False(IsAlive(id)));
    }

    [Fact]
    public async Task When_it_ends_by_itself_children_and_daemons_end_too_and_do_not_hold_up_its_end()
    {
        string told = Path.Combine(Folder, "told");
        await using Shell shell = await Shell.RunAsync(Host, $"{Family}\nwhile [ ! -e {told} ]; do sleep 0.05; done; exit 3");
        int[] family = await IdsAsync(shell, 3);
        File.Create(told).Dispose();
        Assert.Equal(new ProcessExit(3, WasOutOfMemory: false), await shell.ExitedAsync());
        Assert.All(family, id => Assert.False(IsAlive(id)));
    }

    [Fact]
    public async Task A_child_may_write_its_last_lines_when_its_parent_has_ended()
    {
        const string WhenItsParentHasEnded = "while [ -d /proc/$1 ] && ! grep -q Z /proc/$1/stat; do :; done";
        using var host = new ProcessHost(new SlowTime(), Confinement);   // a busy machine needs more than the usual grace
        await using Shell shell = await Shell.RunAsync(host, $"sh -c '{WhenItsParentHasEnded}; echo last' sh $$ & exit 0");
        await shell.ExitedAsync();
        Assert.Contains("last", shell.Lines);
    }

    [Fact]
    public async Task Children_that_start_children_all_the_time_end()
    {
        await using Shell shell = await Shell.RunAsync(Host, "f() { setsid sh -c 'sleep 0.01' & }; echo ready; while :; do f; sleep 0.005; done");
        await shell.LineAsync();
        shell.Process.Kill();
        Assert.Equal("signal: killed", (await shell.ExitedAsync()).ToString());
    }

    [Fact]
    public async Task The_end_of_what_they_share_ends_them_too()
    {
        await using Shell shell = await Shell.RunAsync(Host, Family + "\nwait; exec sleep 1000");
        int[] family = [shell.Process.Id, .. await IdsAsync(shell, 3)];
        Host.Dispose();
        Assert.Equal("signal: killed", (await shell.ExitedAsync()).ToString());
        Assert.All(family, id => Assert.False(IsAlive(id)));
    }

    [Fact]
    public async Task No_zombie_is_left()
    {
        await using Shell shell = await Shell.RunAsync(Host, "echo ready; exec sleep 1000");
        await shell.LineAsync();
        shell.Process.Kill();
        await shell.ExitedAsync();
        Assert.False(Directory.Exists($"/proc/{shell.Process.Id}"));
    }

    private protected static async Task<int[]> IdsAsync(Shell shell, int count)
    {
        var ids = new int[count];
        for (int index = 0; index < count; index++)
            ids[index] = int.Parse(await shell.LineAsync(), CultureInfo.InvariantCulture);
        return ids;
    }

    /// <summary>What nobody has collected yet is dead all the same.</summary>
    private protected static bool IsAlive(int id) => ProcessTable.Read().Any(process => process.Id == id);
}

public sealed class StrongestDescendantTests : DescendantTests
{
    internal override Confinement Confinement => Confinement.Strongest;

    [Fact]
    public async Task Nothing_leaves_a_cgroup()
    {
        Assert.SkipUnless(Host.HasCgroups, "This machine does not let this process make cgroups.");
        await using Shell shell = await Shell.RunAsync(Host, "(env -i setsid sh -c 'echo $$; exec sleep 1000' &); exec sleep 1000");
        int[] family = await IdsAsync(shell, 1);
        shell.Process.Kill();
        await shell.ExitedAsync();
        Assert.All(family, id => Assert.False(IsAlive(id)));
    }
}

public sealed class WatchedDescendantTests : DescendantTests
{
    internal override Confinement Confinement => Confinement.Watched;
}
