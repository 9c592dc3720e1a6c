using System.ComponentModel;
using System.Diagnostics;
using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

public sealed class WatchdogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("watchdog-").FullName;
    private readonly Process _guarded = Process.Start("sleep", "1000");
    private readonly Process _refused = Process.Start("sleep", "1000");

    private string ShellPath => Path.Combine(_folder, "sh");

    public void Dispose()
    {
        foreach (Process process in (Process[])[_guarded, _refused])
        {
            process.Kill();
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task One_that_was_ended_and_could_not_be_started_again_is_started_for_the_next_process()
    {
        File.CreateSymbolicLink(ShellPath, "/bin/sh");
        var watchdog = new Watchdog(new StartTools(null, null, ShellPath), $"TEST={_folder}", "");
        watchdog.Start();
        await EndShellAsync();
        File.Delete(ShellPath);
        Assert.Throws<Win32Exception>(() => watchdog.Add(_refused.Id));
        watchdog.Remove(_refused.Id);
        Assert.Throws<Win32Exception>(() => watchdog.Add(_refused.Id));
        File.CreateSymbolicLink(ShellPath, "/bin/sh");

        watchdog.Add(_guarded.Id);
        watchdog.Dispose();

        await _guarded.WaitForExitAsync(Patience.Token);
        Assert.False(_refused.HasExited);                     // its caller was told that nobody guards it
    }

    private async Task EndShellAsync()
    {
        int shell = ProcessTable.Read().Select(process => process.Id).Single(id => CommandLines.Of(id).Contains($"TEST={_folder}", StringComparison.Ordinal));
        Signals.Kill(shell);
        while (Directory.Exists($"/proc/{shell}"))
            await Task.Delay(TimeSpan.FromMilliseconds(5), Patience.Token);
    }
}
