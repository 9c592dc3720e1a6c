using System.Diagnostics;
using System.Globalization;
using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Starter;

/// <summary>Starts and ends, one after the other.</summary>
internal static class Restart
{
    private const int WarmUps = 10;

    public static async Task<int> RunAsync(ProcessHost host, int count)
    {
        for (int number = 0; number < WarmUps; number++)
            await OneAsync(host);
        int before = OpenFiles();
        long begun = TimeProvider.System.GetTimestamp();
        for (int number = 0; number < count; number++)
            await OneAsync(host);
        double eachMs = TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds / count;
        int after = OpenFiles();
        begun = TimeProvider.System.GetTimestamp();
        for (int number = 0; number < count; number++)
            await DirectAsync();
        double directMs = TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds / count;
        host.Dispose();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"count":{{count}},"filesBefore":{{before}},"filesAfter":{{after}},"eachMs":{{eachMs:0.00}},"directMs":{{directMs:0.00}}}"""));
        return 0;
    }

    private static async Task OneAsync(ProcessHost host)
    {
        await using EnvironmentProcess process = await EnvironmentProcess.StartAsync(Scripts.Start("echo out; echo err >&2"), _ => { }, host, CancellationToken.None);
        await process.Exited;
    }

    /// <summary>The same with nothing of ours.</summary>
    private static async Task DirectAsync()
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "echo out; echo err >&2"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
    }

    private static int OpenFiles() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
}
