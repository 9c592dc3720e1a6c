using System.Diagnostics;
using System.Globalization;
using LambdaStreamRunner.Benchmarks.Reporting;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Benchmarks.Decisions;

/// <summary>What the rules cost, without I/O: one thread, hashes given, records prepared.</summary>
internal static class DecisionCore
{
    private const int BatchSize = 100;
    private const int ParallelizationFactor = 10;
    private const int Keys = 1_000;
    private const int Seed = 1;

    private static readonly int FixedRecordLength = new KinesisEventWriter(
        "arn:aws:kinesis:us-east-1:000000000000:stream/clicks", "us-east-1", "arn:aws:iam::000000000000:role/Clicks", "shardId-000000000000").FixedRecordLength;

    /// <summary>The first word of the command line of a process that measures one policy once.</summary>
    public const string Argument = "--decide";

    public static async Task RunAsync(Effort effort, Report report)
    {
        (int count, int repetitions, double warmUp) = effort is Effort.Quick ? (250_000, 2, 0.3) : (2_500_000, 7, 2);
        await MeasureAsync(Pace.LanesWaitForRecords, "the function keeps up with the stream", count, repetitions, warmUp, report);
        await MeasureAsync(Pace.RecordsWaitForLanes, "a backlog, and the lane of the hottest keys is the slowest", count, repetitions, warmUp, report);
    }

    /// <summary>Measures one policy in this process and prints its figures.</summary>
    public static void RunOnce(string[] words)
    {
        var policy = new Policy(words[0]);
        StreamRecord[] records = ZipfRecords.Make(int.Parse(words[2], CultureInfo.InvariantCulture), Keys, Seed);
        Pace pace = Enum.Parse<Pace>(words[1]);
        policy.WarmUp(records, pace, TimeSpan.FromSeconds(double.Parse(words[3], CultureInfo.InvariantCulture)));
        Console.WriteLine(string.Join(' ', policy.Measure(records, pace).Select(figure => figure.ToString("R", CultureInfo.InvariantCulture))));
    }

    // A process has one policy, as a runner mostly has: in a shared one the compiler would favour the policy that it saw first.
    private static async Task MeasureAsync(Pace pace, string title, int count, int repetitions, double warmUp, Report report)
    {
        Contender[] contenders = [new("RoundRobin (no order)"), new(nameof(LanePolicy.HashLanes)), new(nameof(LanePolicy.DynamicKeys))];
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            foreach (Contender contender in contenders)
                await contender.RepeatAsync(pace, count, warmUp);
        }
        report.Note(string.Create(CultureInfo.InvariantCulture, $"{title}: {count:N0} records, {repetitions} repetitions in turns, a process for each\n"));
        report.Table(
            ["lane policy", "M records/s per core", "B allocated per record", "CPU, times RoundRobin's", "records per batch"],
            contenders.Select(contender => contender.Row(contenders[0])));
    }

    /// <summary>One row of the table.</summary>
    private sealed class Contender(string name)
    {
        private readonly Repetitions _rate = new();
        private readonly Repetitions _allocated = new();
        private readonly Repetitions _cpu = new();
        private double _recordsPerBatch;

        public async Task RepeatAsync(Pace pace, int count, double warmUp)
        {
            string[] words = [Argument, name, pace.ToString(), count.ToString(CultureInfo.InvariantCulture), warmUp.ToString(CultureInfo.InvariantCulture)];
            using Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, words) { RedirectStandardOutput = true })!;
            string line = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            double[] figures = [.. line.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
            _rate.Add(figures[0]);
            _allocated.Add(figures[1]);
            _cpu.Add(figures[2]);
            _recordsPerBatch = figures[3];
        }

        public string[] Row(Contender yardstick) =>
        [
            name, _rate.Format("0.0"), _allocated.Format("0.00"), Repetitions.Ratios(_cpu, yardstick._cpu).Format("0.00"),
            _recordsPerBatch.ToString("0.0", CultureInfo.InvariantCulture),
        ];
    }

    /// <summary>A policy in the process that measures it.</summary>
    private sealed class Policy(string name)
    {
        // As long as the compiler needs to settle on its best code.
        public void WarmUp(StreamRecord[] records, Pace pace, TimeSpan duration)
        {
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < duration)
                new BareLoop(Machine(), records, pace).RunUntil(records.Length);
        }

        // A machine lives as long as its shard: what it grows to with its first records is not counted.
        public double[] Measure(StreamRecord[] records, Pace pace)
        {
            int grown = records.Length / 5;
            var loop = new BareLoop(Machine(), records, pace);
            loop.RunUntil(grown);
            long batches = loop.Batches;
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            loop.RunUntil(records.Length);
            double seconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
            double settled = records.Length - grown;
            double bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
            return [settled / seconds / 1e6, bytes / settled, seconds, settled / (loop.Batches - batches)];
        }

        private ShardMachine Machine()
        {
            var mapping = new EventSourceMapping { BatchSize = BatchSize, ParallelizationFactor = ParallelizationFactor };
            var shard = new ShardContext { FixedRecordLength = FixedRecordLength };
            if (!Enum.TryParse(name, out LanePolicy policy))
                return new ShardMachine(mapping, shard, new RoundRobinLanes(mapping));
            return new ShardMachine(mapping with { LanePolicy = policy }, shard);
        }
    }
}
