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

    public static Task RunAsync(Effort effort, Report report)
    {
        (int count, int repetitions, TimeSpan warmUp) = effort is Effort.Quick
            ? (250_000, 5, TimeSpan.FromSeconds(0.5))
            : (2_500_000, 11, TimeSpan.FromSeconds(3));
        StreamRecord[] records = ZipfRecords.Make(count, Keys, Seed);
        Measure(Pace.LanesWaitForRecords, "the function keeps up with the stream", records, repetitions, warmUp, report);
        Measure(Pace.RecordsWaitForLanes, "a backlog, and the lane of the hottest keys is the slowest", records, repetitions, warmUp, report);
        return Task.CompletedTask;
    }

    private static void Measure(Pace pace, string title, StreamRecord[] records, int repetitions, TimeSpan warmUp, Report report)
    {
        Contender[] contenders = [new("RoundRobin (no order)"), new(nameof(LanePolicy.HashLanes)), new(nameof(LanePolicy.DynamicKeys))];
        foreach (Contender contender in contenders)
            contender.WarmUp(records, pace, warmUp);
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            foreach (Contender contender in contenders)
                contender.Repeat(records, pace);
        }
        report.Note(string.Create(CultureInfo.InvariantCulture, $"{title}: {records.Length:N0} records, {repetitions} repetitions in turns\n"));
        report.Table(
            ["lane policy", "M records/s per core", "B allocated per record", "CPU, times RoundRobin's", "records per batch"],
            contenders.Select(contender => contender.Row(contenders[0])));
    }

    private sealed class Contender(string name)
    {
        private readonly Repetitions _rate = new();
        private readonly Repetitions _allocated = new();
        private readonly Repetitions _cpu = new();
        private double _recordsPerBatch;

        // As long as the compiler needs to settle on its best code.
        public void WarmUp(StreamRecord[] records, Pace pace, TimeSpan duration)
        {
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < duration)
                new BareLoop(Machine(), records, pace).RunUntil(records.Length);
        }

        // A machine lives as long as its shard: what it grows to with its first records is not counted.
        public void Repeat(StreamRecord[] records, Pace pace)
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
            _rate.Add(settled / seconds / 1e6);
            _cpu.Add(seconds);
            _allocated.Add((GC.GetAllocatedBytesForCurrentThread() - allocated) / settled);
            _recordsPerBatch = settled / (loop.Batches - batches);
        }

        public string[] Row(Contender yardstick) =>
        [
            name, _rate.Format("0.0"), _allocated.Format("0.00"), Repetitions.Ratios(_cpu, yardstick._cpu).Format("0.00"),
            _recordsPerBatch.ToString("0.0", CultureInfo.InvariantCulture),
        ];

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
