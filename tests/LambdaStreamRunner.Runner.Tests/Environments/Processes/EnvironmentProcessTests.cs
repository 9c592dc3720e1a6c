using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>Start, output and end of one process; the same with cgroups, where the machine lets us, and without.</summary>
public abstract class EnvironmentProcessTests : HostedProcesses
{
    [Fact]
    public async Task Its_exit_code_is_told()
    {
        await using Shell shell = await Shell.RunAsync(Host, "exit 7");
        Assert.Equal(new ProcessExit(7, WasOutOfMemory: false), await shell.ExitedAsync());
    }

    [Fact]
    public async Task Lines_of_both_outputs_come_in_their_order()
    {
        await using Shell shell = await Shell.RunAsync(Host, "echo one; echo two >&2; echo three; printf 'no end'");
        await shell.ExitedAsync();
        Assert.Equal(["one", "two", "three", "no end"], shell.Lines);
    }

    [Fact]
    public async Task A_signal_is_told_as_a_shell_tells_it()
    {
        await using Shell shell = await Shell.RunAsync(Host, "kill -SEGV $$");
        Assert.Equal("signal: segmentation fault", (await shell.ExitedAsync()).ToString());
    }

    [Fact]
    public async Task Killing_it_twice_ends_it_once()
    {
        await using Shell shell = await Shell.RunAsync(Host, "echo ready; exec sleep 1000");
        await shell.LineAsync();
        shell.Process.Kill();
        shell.Process.Kill();
        Assert.Equal("signal: killed", (await shell.ExitedAsync()).ToString());
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
    public async Task It_gets_none_of_the_files_that_this_process_has_open()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using Shell shell = await Shell.RunAsync(Host, "readlink /proc/$$/fd/0; exec ls /proc/self/fd");
        await shell.ExitedAsync();
        Assert.Equal("/dev/null", shell.Lines.First());
        const string FolderThatLsReads = "3";
        Assert.Empty(shell.Lines.Skip(1).Except(["0", "1", "2", FolderThatLsReads, .. OpenFiles.HandedDownToThisProcess()]));
    }

    [Theory]
    [InlineData("no-such-program", "no-such-program is not on the PATH: install it")]
    [InlineData("/no/such/bootstrap", "/no/such/bootstrap does not exist: build the function")]
    [InlineData("/etc/passwd", "/etc/passwd is not executable: run chmod +x on it.")]
    public async Task What_cannot_run_is_said_in_a_sentence(string command, string sentence)
    {
        FunctionLoadException refused = await Assert.ThrowsAsync<FunctionLoadException>(
            () => EnvironmentProcess.StartAsync(Shell.Start("") with { Command = command }, _ => { }, Host, Patience.Token));
        Assert.StartsWith(sentence, refused.Message);
    }

    [Fact]
    public async Task Its_variables_win_over_those_of_this_process()
    {
        var variables = new Dictionary<string, string> { ["HOME"] = "/somewhere", ["GREETING"] = "a b\tc" };
        var lines = new List<string>();
        await using EnvironmentProcess process = await EnvironmentProcess.StartAsync(
            Shell.Start("echo \"$HOME\"; echo \"$GREETING\"; pwd") with { Variables = variables.ToImmutableDictionary(), WorkingDirectory = "/usr" }, lines.Add, Host, Patience.Token);
        await process.Exited.WaitAsync(Patience.Token);
        Assert.Equal(["/somewhere", "a b\tc", "/usr"], lines);
    }

    [Fact]
    public async Task What_it_gives_to_a_listener_that_fails_ends_it()
    {
        EnvironmentProcess process = await EnvironmentProcess.StartAsync(
            Shell.Start("echo one; exec sleep 1000"), _ => throw new InvalidDataException("No such line."), Host, Patience.Token);
        await Assert.ThrowsAsync<InvalidDataException>(() => process.Exited.WaitAsync(Patience.Token));
    }

    [Fact]
    public async Task A_hundred_megabytes_of_output_need_no_memory()
    {
        const long AllOfIt = 100L * 1024 * 1024 * sizeof(char);
        long bytes = 0, most = 0;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        void Take(string line)
        {
            bytes += line.Length + 1;
            if (bytes % (32 * 1024 * 1024) < 1024)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
        string line = new('x', 1023);
        await using EnvironmentProcess process = await EnvironmentProcess.StartAsync(Shell.Start($"yes {line} 2>/dev/null | head -c {100 * 1024 * 1024}"), Take, Host, Patience.Token);
        Assert.Equal(0, (await process.Exited.WaitAsync(Patience.Token)).Code);
        Assert.Equal(100 * 1024 * 1024, bytes);
        Assert.InRange(most, long.MinValue, AllOfIt / 2);   // other tests run in this process, too
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
