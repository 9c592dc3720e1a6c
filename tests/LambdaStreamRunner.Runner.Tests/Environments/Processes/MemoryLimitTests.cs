using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>What uses more memory than it may is ended, with all that belongs to it.</summary>
public abstract class MemoryLimitTests : HostedProcesses
{
    /// <summary>A line without an end: tail keeps all of it.</summary>
    private const string Hog = "tail /dev/zero";

    [Fact]
    public async Task A_process_that_uses_too_much_is_ended()
    {
        await using Shell shell = await Shell.RunAsync(Host, $"exec {Hog}", memoryMegabytesMax: 64);
        Assert.Equal(new ProcessExit(137, WasOutOfMemory: true), await shell.ExitedAsync());
    }

    [Fact]
    public async Task A_child_that_uses_too_much_ends_its_parent_too()
    {
        await using Shell shell = await Shell.RunAsync(Host, $"{Hog} & exec sleep 1000", memoryMegabytesMax: 64);
        Assert.Equal(new ProcessExit(137, WasOutOfMemory: true), await shell.ExitedAsync());
    }

    [Fact]
    public async Task Memory_of_all_its_processes_counts()
    {
        await using Shell shell = await Shell.RunAsync(Host, "for i in 1 2 3; do head -c 40000000 /dev/zero | tail & done; sleep 1000", memoryMegabytesMax: 64);
        Assert.True((await shell.ExitedAsync()).WasOutOfMemory);
    }

    [Fact]
    public async Task What_it_has_used_at_most_is_told()
    {
        await using Shell shell = await Shell.RunAsync(Host, "{ head -c 100000000 /dev/zero; echo read >&2; sleep 1000; } | tail", memoryMegabytesMax: 512);
        Assert.Equal("read", await shell.LineAsync());
        CancellationToken patience = Patience.Token;
        while (shell.Process.MaxMemoryUsedMegabytes < 90)
            await Task.Delay(EnvironmentWatch.Period / 4, patience);
        Assert.InRange(shell.Process.MaxMemoryUsedMegabytes!.Value, 90, 300);
    }

    [Fact]
    public async Task What_stays_within_its_limit_is_left_alone()
    {
        await using Shell shell = await Shell.RunAsync(Host, "head -c 20000000 /dev/zero | tail | wc -c", memoryMegabytesMax: 128);
        Assert.Equal(new ProcessExit(0, WasOutOfMemory: false), await shell.ExitedAsync());
        Assert.Equal(["20000000"], shell.Lines);
    }
}

public sealed class StrongestMemoryLimitTests : MemoryLimitTests
{
    internal override Confinement Confinement => Confinement.Strongest;
}

public sealed class WatchedMemoryLimitTests : MemoryLimitTests
{
    internal override Confinement Confinement => Confinement.Watched;
}
