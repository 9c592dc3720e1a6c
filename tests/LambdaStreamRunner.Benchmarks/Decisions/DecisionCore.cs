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
        (int count, int rounds, int repetitions) = effort is Effort.Quick ? (100_000, 2, 3) : (1_000_000, 3, 9);
        StreamRecord[] records = ZipfRecords.Make(count, Keys, Seed);
        Measure(Pace.LanesWaitForRecords, "the function keeps up with the stream", records, rounds, repetitions, report);
        Measure(Pace.RecordsWaitForLanes, "a backlog, and the lane of the hottest keys is the slowest", records, rounds, repetitions, report);
        return Task.CompletedTask;
    }

    private static void Measure(Pace pace, string title, StreamRecord[] records, int rounds, int repetitions, Report report)
    {
        Contender[] contenders = [new("RoundRobin (no order)"), new(nameof(LanePolicy.HashLanes)), new(nameof(LanePolicy.DynamicKeys))];
        foreach (Contender contender in contenders)
            contender.WarmUp(records, pace);
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            foreach (Contender contender in contenders)
                contender.Repeat(records, pace, rounds);
        }
        report.Note(string.Create(CultureInfo.InvariantCulture, $"{title}: {records.Length:N0} records, {rounds} machines per repetition, {repetitions} repetitions in turns\n"));
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

        public void WarmUp(StreamRecord[] records, Pace pace)
        {
            for (int i = 0; i < 3; i++)
                new BareLoop(Machine(), records, pace).Run();
        }

        public void Repeat(StreamRecord[] records, Pace pace, int rounds)
        {
            long batches = 0;
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            for (int round = 0; round < rounds; round++)
            {
                var loop = new BareLoop(Machine(), records, pace);
                loop.Run();
                batches += loop.Batches;
            }
            double seconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
            double settled = (double)records.Length * rounds;
            _rate.Add(settled / seconds / 1e6);
            _cpu.Add(seconds);
            _allocated.Add((GC.GetAllocatedBytesForCurrentThread() - allocated) / settled);
            _recordsPerBatch = settled / batches;
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
