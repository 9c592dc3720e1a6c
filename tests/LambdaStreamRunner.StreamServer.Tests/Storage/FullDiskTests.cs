using System.Diagnostics;
using System.Security.Cryptography;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Tests.Storage;

/// <summary>A disk that is full refuses what is put, with a clear error; everything else goes on, and so does it when there is space again.</summary>
public sealed class FullDiskTests
{
    private const int DiskBytes = 80 << 20;
    private const int BallastBytes = 44 << 20;                // more than all else: what is in the log is written once more to go on

    [Fact]
    public void A_full_disk_refuses_puts_keeps_reads_and_takes_puts_again_when_there_is_space()
    {
        DirectoryInfo disk = Directory.CreateTempSubdirectory("lambda-stream-disk-");
        Assert.SkipUnless(TryMount(disk.FullName), "A small disk of its own needs the right to mount one (root on Linux).");
        try
        {
            Fill(disk.FullName);
        }
        finally
        {
            Run("umount", disk.FullName);
            disk.Delete();
        }
    }

    private static void Fill(string disk)
    {
        string ballast = Path.Combine(disk, "ballast");
        using (FileStream file = File.Create(ballast))
            file.Write(new byte[BallastBytes]);
        using var stored = new StoredStreams(hotBytesMax: 1 << 20, Path.Combine(disk, "data"));
        EmbeddedStream stream = stored.Streams.Create(StoredStreams.Name, 1);
        List<SequenceNumber> acknowledged = [];
        KinesisException? refused = null;
        while (refused is null && acknowledged.Count < 1000)
            refused = Put(stream, acknowledged);

        Assert.NotNull(refused);
        Assert.Equal(("InternalFailure", 500), (refused.Error, refused.StatusCode));
        Assert.Contains($"could not be written to '{Path.Combine(disk, "data", "streams")}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("make space on the disk", refused.Message, StringComparison.Ordinal);
        Put(stream, acknowledged);                            // refused, or taken when a finished flush has freed some space meanwhile
        Assert.Equal(acknowledged, stored.ReadAll().Select(record => record.SequenceNumber));

        File.Delete(ballast);
        for (int i = 0; i < 20; i++)
        {
            KinesisException? failed = Put(stream, acknowledged);
            Assert.True(failed is null, $"{new DriveInfo(disk).AvailableFreeSpace} bytes are free: {failed}");
        }
        Assert.Equal(acknowledged, stored.ReadAll().Select(record => record.SequenceNumber));
        stored.Restart();
        Assert.Equal(acknowledged, stored.ReadAll().Select(record => record.SequenceNumber));
        Assert.Equal(acknowledged.Count, stored.Stream.Records.Shards[0].RecordCount);
    }

    // What can be compressed would fit in the end.
    private static KinesisException? Put(EmbeddedStream stream, List<SequenceNumber> acknowledged)
    {
        try
        {
            acknowledged.Add(stream.Put("key", RandomNumberGenerator.GetBytes(200_000)).SequenceNumber);
            return null;
        }
        catch (KinesisException failed)
        {
            return failed;
        }
    }

    private static bool TryMount(string folder) =>
        OperatingSystem.IsLinux() && Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", $"size={DiskBytes}", "tmpfs", folder) == 0;

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
