using System.Text.RegularExpressions;
using LambdaStreamRunner.Host.Tests.Verbs;

namespace LambdaStreamRunner.Host.Tests.Durability;

/// <summary>What a power cut cannot lose, as the kernel sees it: with --fsync the log is on the disk before each answer goes out.</summary>
public sealed partial class FsyncTests : IDisposable
{
    private const string Strace = "/usr/bin/strace";
    private const int Puts = 10;

    private readonly Workspace _workspace = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]                                       // so that the test sees the difference
    public async Task The_log_is_synced_before_each_answer_with_fsync_and_never_without(bool fsync)
    {
        Assert.SkipUnless(File.Exists(Strace), "strace, which watches system calls, is not installed.");
        string trace = _workspace.PathOf("trace");
        string[] watch = [Strace, "-f", "-qq", "-y", "-s", "32", "-e", "trace=fsync,fdatasync,sendto,sendmsg", "-o", trace];
        string[] run = ["run", "--config", _workspace.Configure("Succeed"), "--port", "0", "--data", "data", .. fsync ? ["--fsync"] : Array.Empty<string>()];
        await using (LambdaStream program = LambdaStream.StartUnder(watch, _workspace, run))
        {
            Assert.SkipWhen(await program.SaysOneOfAsync("Kinesis endpoint: ", "ptrace") == "ptrace", "This container or machine does not let strace trace.");
            Uri endpoint = await program.EndpointAsync();
            for (int i = 0; i < Puts; i++)
                await new KinesisWriter(endpoint, 0, i).PutOnceAsync();
        }

        (int answers, int behindSync) = Count(File.ReadLines(trace));

        Assert.Equal((Puts, fsync ? Puts : 0), (answers, behindSync));
    }

    public void Dispose() => _workspace.Dispose();

    /// <summary>Counts answers, and those that go out after a sync of the log that ended since the answer before.</summary>
    private static (int Answers, int BehindSync) Count(IEnumerable<string> trace)
    {
        HashSet<string> syncing = [];                         // threads
        (int answers, int behindSync, bool isSynced) = (0, 0, false);
        foreach (string line in trace)
        {
            string thread = line[..line.IndexOf(' ', StringComparison.Ordinal)];
            if (SyncOfLog().IsMatch(line))
            {
                if (line.EndsWith("= 0", StringComparison.Ordinal))
                    isSynced = true;
                else
                    syncing.Add(thread);
            }
            else if (line.Contains("sync resumed>", StringComparison.Ordinal))
            {
                isSynced |= syncing.Remove(thread);
            }
            else if (line.Contains("\"HTTP/1.1 200", StringComparison.Ordinal))
            {
                answers++;
                behindSync += isSynced ? 1 : 0;
                isSynced = false;
            }
        }
        return (answers, behindSync);
    }

    [GeneratedRegex(@"f(data)?sync\(\d+<[^>]*/data/streams/\d+\.log>")]
    private static partial Regex SyncOfLog();
}
