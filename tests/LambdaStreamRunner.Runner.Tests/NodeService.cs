using System.Diagnostics;
using System.Reflection;

namespace LambdaStreamRunner.Runner.Tests;

/// <summary>Services of other authors in a Node process of their own, which says on its first line where they are.</summary>
internal sealed class NodeService : IAsyncDisposable
{
    private const string Node = "/usr/bin/node";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private NodeService(Process process, string firstLine) => (_process, FirstLine) = (process, firstLine);

    /// <summary>What it said when it was up.</summary>
    public string FirstLine { get; }

    /// <summary>Starts it; skips the test when it is not installed, which is a failure in CI (variable CI is true).</summary>
    /// <param name="folder">Name of the assembly's metadata that tells the folder.</param>
    /// <param name="package">A package that must be there.</param>
    /// <param name="script">The file to run.</param>
    public static async Task<NodeService> StartAsync(string folder, string package, string script)
    {
        string path = typeof(NodeService).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == folder).Value!;
        Require(Node, "apt-get install nodejs");
        Require(Path.Combine(path, "node_modules", package, "package.json"), $"npm ci in {path}");
        var process = Process.Start(new ProcessStartInfo(Node, [Path.Combine(path, script)]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        string? line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(line is not null, $"{script} ended before it had begun.");
        return new NodeService(process, line);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }
        _process.Dispose();
    }

    private static void Require(string file, string command)
    {
        if (File.Exists(file))
            return;
        string reason = $"{file} is not installed ({command}).";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Assert.Skip(reason);
    }
}
