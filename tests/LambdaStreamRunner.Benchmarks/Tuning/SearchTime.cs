using System.Diagnostics;
using System.Globalization;
using LambdaStreamRunner.Benchmarks.Reporting;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Benchmarks.Tuning;

/// <summary>A whole search over a trace in memory, in a process of its own, whose memory is measured too.</summary>
internal static class SearchTime
{
    /// <summary>The first word of the command line of a process that searches once.</summary>
    public const string Argument = "--search";

    private const int RecordsPerSecond = 900;
    private const int Threads = 2;

    // 300 settings, all within what one shard takes in.
    private static readonly SettingGrid Grid = new()
    {
        ParallelizationFactors = [1, 2, 4, 6, 10],
        BatchSizes = [10, 25, 100, 250, 500, 1_000],
        Windows = [0, 1, 2, 5, 10],
    };

    public static async Task RunAsync(Effort effort, Report report)
    {
        (int count, int repetitions) = effort is Effort.Quick ? (20_000, 1) : (1_000_000, 3);
        report.Note(string.Create(CultureInfo.InvariantCulture,
            $"A search over {Grid.Count} settings and {count:N0} records, Zipf(1.0), on {Threads} threads; {repetitions} repetitions, a process for each, the making of the trace not counted.\n"));
        report.Table(
            ["keys", "wall s", "CPU s", "peak resident MB", "settings that theory left", "settings looked at with all seeds"],
            [await RowAsync(count, 1_000, repetitions), await RowAsync(count, 1_000_000, repetitions)]);
    }

    /// <summary>Searches in this process and prints its figures.</summary>
    public static void RunOnce(string[] words)
    {
        int count = int.Parse(words[0], CultureInfo.InvariantCulture);
        StreamTraffic trace = Record(count, int.Parse(words[1], CultureInfo.InvariantCulture));
        var request = new TuningRequest
        {
            Traffic = trace,
            Handler = new HandlerModel { Fixed = TimeSpan.FromMilliseconds(20), PerRecord = TimeSpan.FromMilliseconds(1) },
            Grid = Grid,
            Objective = ServiceLevelObjective.Parse("iteratorAge.p99 < 2s"),
            Prices = Prices,
            PricesName = "us-east-1",
            Threads = Threads,
        };
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        TuningResult result = new MappingTuner(request, TimeProvider.System).Run();
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        using var process = Process.GetCurrentProcess();
        double[] figures =
        [
            wall, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, process.PeakWorkingSet64 / 1e6,
            result.Explored.Length, result.Explored.Count(point => point.Runs > 1),
        ];
        Console.WriteLine(string.Join(' ', figures.Select(figure => figure.ToString("R", CultureInfo.InvariantCulture))));
    }

    private static async Task<string[]> RowAsync(int count, int keys, int repetitions)
    {
        (Repetitions wall, Repetitions cpu, Repetitions memory) = (new(), new(), new());
        double[] figures = [];
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            string[] words = [Argument, count.ToString(CultureInfo.InvariantCulture), keys.ToString(CultureInfo.InvariantCulture)];
            using Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, words) { RedirectStandardOutput = true })!;
            string line = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            figures = [.. line.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
            wall.Add(figures[0]);
            cpu.Add(figures[1]);
            memory.Add(figures[2]);
        }
        return
        [
            keys.ToString("N0", CultureInfo.InvariantCulture), wall.Format("0.0"), cpu.Format("0.0"), memory.Format("0"),
            figures[3].ToString(CultureInfo.InvariantCulture), figures[4].ToString(CultureInfo.InvariantCulture),
        ];
    }

    private static RecordedTraffic Record(int count, int keys)
    {
        var made = new SyntheticTraffic(new TrafficProfile
        {
            Rate = RateCurve.Constant(RecordsPerSecond),
            Duration = TimeSpan.FromSeconds((double)count / RecordsPerSecond),
            Keys = new KeyProfile.Zipf(keys),
            Sizes = new SizeProfile.Fixed(100),
        });
        return new RecordedTraffic("trace", [.. made.ReadFrom(TimeSpan.Zero).Select(block => block.ToArray())]);
    }

    // Some prices: they change what is chosen, not how long it takes.
    private static RegionPrices Prices => new()
    {
        LambdaMillionRequests = 0.20,
        LambdaGbSecondX86 = 0.0000166667,
        LambdaGbSecondArm = 0.0000133334,
        KinesisShardHour = 0.015,
        KinesisMillionPutUnits = 0.014,
        FanOutShardHour = 0.015,
        FanOutGb = 0.013,
    };
}
