using System.Text;
using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>A file that changes while it stays open.</summary>
public sealed class KernelFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"kernel-file-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void It_tells_how_things_are_now()
    {
        using var file = new KernelFile(_path);

        Assert.Equal("", TextOf(file));                       // not there yet
        File.WriteAllText(_path, "1000");
        Assert.Equal("1000", TextOf(file));
        File.WriteAllText(_path, "7");
        Assert.Equal("7", TextOf(file));
    }

    [Fact]
    public void One_that_is_closed_tells_nothing_and_is_not_opened_again()
    {
        File.WriteAllText(_path, "1000");
        var file = new KernelFile(_path);
        Assert.Equal("1000", TextOf(file));

        file.Dispose();

        Assert.Equal("", TextOf(file));
        Assert.DoesNotContain(_path, Directory.GetFiles("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget));
    }

    [Fact]
    public void A_process_that_has_ended_is_gone_from_its_open_file()
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/cat") { RedirectStandardInput = true })!;
        using KernelFile state = ProcessTable.StateOf(process.Id);
        Assert.Equal(process.Id, ProcessTable.ReadOne(process.Id, state)?.Id);

        process.StandardInput.Close();
        process.WaitForExit();

        Assert.Null(ProcessTable.ReadOne(process.Id, state));
    }

    private static string TextOf(KernelFile file)
    {
        Span<byte> buffer = stackalloc byte[64];
        return Encoding.UTF8.GetString(file.Read(buffer));
    }
}
