using System.Diagnostics;
using System.Globalization;

namespace LambdaStreamRunner.Benchmarks.Storing;

/// <summary>One engine in a process of its own: four producers, one committer; then what a restart and retention ask for.</summary>
internal static class OneEngine
{
    /// <summary>The argument that makes this program measure one engine.</summary>
    public const string Argument = "--storage-engine";

    private const int Producers = 4;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);

    /// <summary>Writes blocks/s, resident MB, ms to reopen, ms to trim half, and the share of disk space that came back.</summary>
    public static void RunOnce(string[] words)
    {
        (string name, int blockBytes, bool synced) = (words[0], int.Parse(words[1], CultureInfo.InvariantCulture), bool.Parse(words[2]));
        var duration = TimeSpan.FromSeconds(double.Parse(words[3], CultureInfo.InvariantCulture));
        string folder = Directory.CreateTempSubdirectory("lambda-stream-storage-").FullName;
        try
        {
            double rate;
            double resident;
            long written;
            using (StorageEngine engine = StorageEngine.Open(name, folder, synced))
            {
                using var producers = new Producing(engine, Producers, blockBytes);
                producers.RunFor(WarmUp);
                rate = producers.RunFor(duration);
                written = producers.BlocksPerProducer;
                resident = Process.GetCurrentProcess().WorkingSet64 / 1e6;
            }

            long start = Stopwatch.GetTimestamp();
            using (StorageEngine engine = StorageEngine.Open(name, folder, synced))
            {
                for (int shard = 0; shard < Producers; shard++)
                    engine.LastIndex(shard);
                TimeSpan reopened = Stopwatch.GetElapsedTime(start);

                long before = BytesIn(folder);
                start = Stopwatch.GetTimestamp();
                engine.Trim(Producers, written / 2);
                TimeSpan trimmed = Stopwatch.GetElapsedTime(start);
                double freed = 1 - ((double)BytesIn(folder) / before);
                Console.WriteLine(string.Join(' ', new[] { rate, resident, reopened.TotalMilliseconds, trimmed.TotalMilliseconds, freed, before / 1e6 }
                    .Select(figure => figure.ToString(CultureInfo.InvariantCulture))));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static long BytesIn(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(LengthOf);

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;                                         // the engine has deleted it meanwhile
        }
    }

    /// <summary>Producers that each wait for the commit of their block before they give the next.</summary>
    private sealed class Producing(StorageEngine engine, int count, int blockBytes) : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly AutoResetEvent _given = new(false);
        private readonly long[] _next = new long[count];
        private List<(Block Block, SemaphoreSlim Done)> _pending = [];

        public long BlocksPerProducer => _next.Min();

        public void Dispose() => _given.Dispose();

        public double RunFor(TimeSpan duration)
        {
            using var ended = new CancellationTokenSource(duration);
            long before = _next.Sum();
            long start = Stopwatch.GetTimestamp();
            Thread[] producers = [.. Enumerable.Range(0, count).Select(shard => new Thread(() => Produce(shard, ended.Token)))];
            foreach (Thread producer in producers)
                producer.Start();
            while (Array.Exists(producers, producer => producer.IsAlive))
                CommitPending();
            return (_next.Sum() - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        private void Produce(int shard, CancellationToken ended)
        {
            using var done = new SemaphoreSlim(0);
            byte[] content = new byte[blockBytes];
            new Random(shard).NextBytes(content);
            while (!ended.IsCancellationRequested)
            {
                lock (_gate)
                    _pending.Add((new Block(shard, _next[shard]++, content), done));
                _given.Set();
                done.Wait(CancellationToken.None);
            }
        }

        private void CommitPending()
        {
            _given.WaitOne(TimeSpan.FromMilliseconds(10));
            List<(Block Block, SemaphoreSlim Done)> group;
            lock (_gate)
                (group, _pending) = (_pending, []);
            if (group.Count == 0)
                return;
            engine.Append([.. group.Select(pending => pending.Block)]);
            foreach ((_, SemaphoreSlim done) in group)
                done.Release();
        }
    }
}
