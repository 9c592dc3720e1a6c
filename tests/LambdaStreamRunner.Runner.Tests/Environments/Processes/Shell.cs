using System.Collections.Concurrent;
using System.Collections.Immutable;
using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>A shell script that runs as an environment does, and what it wrote.</summary>
internal sealed class Shell : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _written = new(0);

    private Shell()
    {
    }

    public EnvironmentProcess Process { get; private set; } = null!;

    public IReadOnlyCollection<string> Lines => _lines;

    public static EnvironmentStart Start(string script, int? memoryMegabytesMax = null) => new()
    {
        Command = "/bin/sh",
        Arguments = ["-c", script],
        WorkingDirectory = Path.GetTempPath(),
        Variables = ImmutableDictionary<string, string>.Empty,
        MemoryMegabytesMax = memoryMegabytesMax,
    };

    public static async Task<Shell> RunAsync(ProcessHost host, string script, int? memoryMegabytesMax = null)
    {
        var shell = new Shell();
        shell.Process = await EnvironmentProcess.StartAsync(Start(script, memoryMegabytesMax), shell.Take, host, Patience.Token);
        return shell;
    }

    /// <summary>The next line that it writes.</summary>
    public async Task<string> LineAsync()
    {
        await _written.WaitAsync(Patience.Token);
        return _lines.TryDequeue(out string? line) ? line : throw new InvalidOperationException("A line was counted that is not there.");
    }

    public Task<ProcessExit> ExitedAsync() => Process.Exited.WaitAsync(Patience.Token);

    public ValueTask DisposeAsync()
    {
        _written.Dispose();
        return Process.DisposeAsync();
    }

    private void Take(string line)
    {
        _lines.Enqueue(line);
        _written.Release();
    }
}
