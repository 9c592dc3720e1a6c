using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>Start, output and end of one process; the same with cgroups, where the machine lets us, and without.</summary>
public abstract class EnvironmentProcessTests : HostedProcesses
{
    [Fact]
    public async Task Its_exit_code_is_told()
    {
        await using Shell shell = await Shell.RunAsync(Host, "exit 7");
        Assert.Equal(new ProcessExit(7, WasOutOfMemory: false), await shell.Process.Exited);
    }

    [Fact]
    public async Task Lines_of_both_outputs_come_in_their_order()
    {
        await using Shell shell = await Shell.RunAsync(Host, "echo one; echo two >&2; echo three; printf 'no end'");
        await shell.Process.Exited;
        Assert.Equal(["one", "two", "three", "no end"], shell.Lines);
    }

    [Fact]
    public async Task A_signal_is_told_as_a_shell_tells_it()
    {
        await using Shell shell = await Shell.RunAsync(Host, "kill -SEGV $$");
        Assert.Equal("signal: segmentation fault", (await shell.Process.Exited).ToString());
    }

    [Fact]
    public async Task Killing_it_twice_ends_it_once()
    {
        await using Shell shell = await Shell.RunAsync(Host, "echo ready; exec sleep 1000");
        await shell.LineAsync();
        shell.Process.Kill();
        shell.Process.Kill();
        Assert.Equal("signal: killed", (await shell.Process.Exited).ToString());
        shell.Process.Kill();
    }

    [Fact]
    public async Task It_has_a_session_and_a_group_of_its_own()
    {
        await using Shell shell = await Shell.RunAsync(Host, "cat /proc/$$/stat; exec sleep 1000");
        string[] fields = (await shell.LineAsync()).Split(' ');
        string id = fields[0];
        Assert.Equal([id, id], fields[4..6]);
        Assert.Equal(id, $"{shell.Process.Id}");
    }

    [Fact]
    public async Task It_gets_nothing_but_the_three_standard_files()
    {
        await using Shell shell = await Shell.RunAsync(Host, "readlink /proc/$$/fd/0; exec ls -l /proc/self/fd");
        await shell.Process.Exited;
        Assert.Equal("/dev/null", shell.Lines.First());
        Assert.Equal(["0", "1", "2", "3"], shell.Lines.Where(line => line.Contains("->")).Select(line => line.Split(' ')[^3]));   // 3 is the folder that ls reads
    }
}

public sealed class StrongestEnvironmentProcessTests : EnvironmentProcessTests
{
    internal override Confinement Confinement => Confinement.Strongest;
}

public sealed class WatchedEnvironmentProcessTests : EnvironmentProcessTests
{
    internal override Confinement Confinement => Confinement.Watched;
}
