using System.Diagnostics;
using System.Globalization;
using LambdaStreamRunner.Benchmarks.Reporting;

namespace LambdaStreamRunner.Benchmarks.Storing;

/// <summary>Which engine keeps streams on disk: the candidates side by side.</summary>
internal static class StorageEngines
{
    private static readonly string[] Names = ["RocksDB", "FASTER", "SQLite"];
    private static readonly (string Title, int Bytes)[] Blocks = [("60 KB", 60_000), ("200 B", 200)];

    public static async Task RunAsync(Effort effort, Report report)
    {
        (int repetitions, double seconds) = effort is Effort.Quick ? (1, 0.3) : (3, 3);
        report.Note($"4 producers, one committer, {seconds} s after a warm-up, {repetitions} repetitions in turns, a process for each\n");
        var rows = new List<string[]>();
        foreach ((string title, int bytes) in Blocks)
        {
            foreach (bool synced in new[] { false, true })
            {
                Cell[] cells = [.. Names.Select(name => new Cell(name, title, bytes, synced))];
                for (int repetition = 0; repetition < repetitions; repetition++)
                {
                    foreach (Cell cell in cells)
                        await cell.RepeatAsync(seconds);
                }
                rows.AddRange(cells.Select(cell => cell.Row()));
            }
        }
        report.Table(["block", "fsync", "engine", "blocks/s", "MB/s", "resident MB", "on disk MB", "reopen ms", "trim half ms", "of it freed"], rows);
    }

    private sealed class Cell(string engine, string title, int bytes, bool synced)
    {
        private readonly Repetitions[] _figures = [.. Enumerable.Range(0, 6).Select(_ => new Repetitions())];

        public async Task RepeatAsync(double seconds)
        {
            string[] words = [OneEngine.Argument, engine, bytes.ToString(CultureInfo.InvariantCulture), synced.ToString(), seconds.ToString(CultureInfo.InvariantCulture)];
            using Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, words) { RedirectStandardOutput = true })!;
            string line = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            foreach ((Repetitions figure, string text) in _figures.Zip(line.Split(' ')))
                figure.Add(double.Parse(text, CultureInfo.InvariantCulture));
        }

        public string[] Row() =>
        [
            title, synced ? "yes" : "no", engine, _figures[0].Format("N0"), (_figures[0].Median * bytes / 1e6).ToString("N0", CultureInfo.InvariantCulture),
            _figures[1].Format("0"), _figures[5].Format("N0"), _figures[2].Format("0"), _figures[3].Format("0"), _figures[4].Format("0.00"),
        ];
    }
}
