using System.Globalization;
using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>When no more files can be opened, the table of processes cannot be read for a while.</summary>
public sealed class UnreadableTableTests : IDisposable
{
    private readonly ProcessHost _host;
    private int _failures;                                    // still to come

    public UnreadableTableTests() => _host = new ProcessHost(TimeProvider.System, Confinement.Watched, Table);

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task What_a_process_has_started_ends_with_it_all_the_same()
    {
        await using Shell shell = await Shell.RunAsync(_host, "(setsid sh -c 'echo $$; exec sleep 1000' &); exec sleep 1000");
        int daemon = int.Parse(await shell.LineAsync(), CultureInfo.InvariantCulture);
        Volatile.Write(ref _failures, 5);

        shell.Process.Kill();

        Assert.Equal("signal: killed", (await shell.ExitedAsync()).ToString());
        Assert.DoesNotContain(ProcessTable.Read(), process => process.Id == daemon);
    }

    [Fact]
    public async Task Its_memory_is_not_known()
    {
        Volatile.Write(ref _failures, int.MaxValue);
        await using Shell shell = await Shell.RunAsync(_host, "exec sleep 1000");

        Assert.Null(shell.Process.MaxMemoryUsedMegabytes);

        Volatile.Write(ref _failures, 0);
        Assert.NotNull(shell.Process.MaxMemoryUsedMegabytes);
    }

    private IReadOnlyList<RunningProcess> Table() =>
        Interlocked.Decrement(ref _failures) >= 0 ? throw new IOException("Too many open files in system : '/proc'") : ProcessTable.Read();
}
