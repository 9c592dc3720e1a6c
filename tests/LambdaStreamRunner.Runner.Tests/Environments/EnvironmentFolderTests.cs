using System.Diagnostics;
using LambdaStreamRunner.Runner.Environments;

namespace LambdaStreamRunner.Runner.Tests.Environments;

public sealed class EnvironmentFolderTests : IDisposable
{
    /// <summary>Higher than Linux counts.</summary>
    private const string NoProcess = "lambda-stream-environments-2000000000-left";

    private readonly string _temporary = Directory.CreateTempSubdirectory("folders-").FullName;

    private string Left => Path.Combine(_temporary, NoProcess);

    public void Dispose() => Directory.Delete(_temporary, recursive: true);

    [Fact]
    public void What_a_runner_has_left_that_was_killed_is_removed()
    {
        Directory.CreateDirectory(Path.Combine(Left, "1"));
        string alive = Directory.CreateDirectory(Path.Combine(_temporary, $"lambda-stream-environments-{Environment.ProcessId}-mine")).FullName;

        EnvironmentFolder.RemoveLeft(_temporary);

        Assert.Equal([alive], Directory.GetDirectories(_temporary));
    }

    [Fact]
    public void A_link_is_removed_and_not_what_it_leads_to()
    {
        string elsewhere = Directory.CreateDirectory(Path.Combine(_temporary, "elsewhere")).FullName;
        File.WriteAllText(Path.Combine(elsewhere, "kept"), "");
        Directory.CreateSymbolicLink(Left, elsewhere);

        EnvironmentFolder.RemoveLeft(_temporary);

        Assert.True(File.Exists(Path.Combine(elsewhere, "kept")));
    }

    /// <summary>They could put links into it while it is being removed, to what only we may remove.</summary>
    [Fact]
    public async Task A_folder_of_somebody_else_is_left_alone_also_by_root()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "Only root can give a folder away.");
        Directory.CreateDirectory(Left);
        await GiveAsync(owner: "65534");

        EnvironmentFolder.RemoveLeft(_temporary);

        Assert.True(Directory.Exists(Left));
        await GiveAsync(owner: "0");
        EnvironmentFolder.RemoveLeft(_temporary);
        Assert.False(Directory.Exists(Left));
    }

    private async Task GiveAsync(string owner)
    {
        using Process chown = Process.Start("chown", [owner, Left]);
        await chown.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, chown.ExitCode);
    }
}
