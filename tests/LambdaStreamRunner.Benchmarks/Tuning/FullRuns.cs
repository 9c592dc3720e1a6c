using System.Globalization;
using LambdaStreamRunner.Benchmarks.Decisions;
using LambdaStreamRunner.Benchmarks.Reporting;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Benchmarks.Tuning;

/// <summary>One setting over a whole traffic, as a search does it hundreds of times: records per second of CPU time, beside the decisions alone.</summary>
internal static class FullRuns
{
    private const int RecordsPerSecond = 2_000;
    private const int Seed = 1;

    private static readonly EventSourceMapping Hundred = new() { BatchSize = 100, ParallelizationFactor = 10, MaximumBatchingWindow = TimeSpan.FromSeconds(5), Polling = PollingMode.Aws };

    private static readonly EventSourceMapping One = new() { BatchSize = 1, ParallelizationFactor = 10, Polling = PollingMode.Aws };

    private static readonly Cell[] Cells =
    [
        new("batches of 100", Hundred, 1_000),
        new("the same, 1 M keys", Hundred, 1_000_000),
        new("BatchSize 1", One, 1_000),
        new("push (enhanced fan-out)", Hundred with { Polling = PollingMode.Push }, 1_000),
        new("push, BatchSize 1", One with { Polling = PollingMode.Push }, 1_000),
        new("DynamicKeys", Hundred with { LanePolicy = LanePolicy.DynamicKeys }, 1_000),
        new("poison, bisect, 2 retries", Hundred with { BisectBatchOnFunctionError = true, MaximumRetryAttempts = 2 }, 1_000, PoisonRate: 0.0001),
    ];

    public static void Run(Effort effort, Report report)
    {
        (int count, int repetitions) = effort is Effort.Quick ? (100_000, 2) : (1_000_000, 5);
        report.Note(string.Create(CultureInfo.InvariantCulture,
            $"One run of {count:N0} records, {RecordsPerSecond:N0} a second, Zipf(1.0), one shard, ParallelizationFactor 10, in CPU time of the process; {repetitions} repetitions in turns.\n"));
        report.Table(
            ["", "M records/s per core", "B allocated per record", "CPU, times the decisions alone", "records per batch"],
            Cells.Select(cell => new Contest(cell, count).Repeat(repetitions).Row()));
    }

    private sealed record Cell(string Name, EventSourceMapping Mapping, int Keys, double PoisonRate = 0);

    /// <summary>A cell beside the machine that it drives, which here gets every answer at once.</summary>
    private sealed class Contest
    {
        private readonly Cell _cell;
        private readonly Simulator _simulator;
        private readonly SimulationPlan _plan;
        private readonly StreamRecord[] _records;
        private readonly Repetitions _rate = new();
        private readonly Repetitions _bytes = new();
        private readonly Repetitions _seconds = new();
        private readonly Repetitions _decisions = new();
        private SimulationFigures? _figures;

        public Contest(Cell cell, int count)
        {
            _cell = cell;
            _records = ZipfRecords.Make(count, cell.Keys, Seed);
            _simulator = new Simulator(new SyntheticTraffic(new TrafficProfile
            {
                Rate = RateCurve.Constant(RecordsPerSecond),
                Duration = TimeSpan.FromSeconds((double)count / RecordsPerSecond),
                Keys = new KeyProfile.Zipf(cell.Keys),
                Sizes = new SizeProfile.Fixed(100),
            }));
            _plan = new SimulationPlan
            {
                Setting = new TunedSetting(1, cell.Mapping),
                Handler = new HandlerModel { Fixed = TimeSpan.FromMilliseconds(1), PerRecord = TimeSpan.FromMicroseconds(50) },
                Failures = new FailureModel { PoisonRate = cell.PoisonRate },
            };
        }

        public Contest Repeat(int repetitions)
        {
            for (int repetition = -3; repetition < repetitions; repetition++)
            {
                GC.Collect();
                long bytes = GC.GetAllocatedBytesForCurrentThread();
                TimeSpan before = Environment.CpuUsage.TotalTime;
                _figures = _simulator.Run(_plan);
                double seconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
                double allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
                double decisions = Decide();
                if (!_figures.IsStable)
                    throw new InvalidOperationException($"{_cell.Name}: the mapping does not keep up.");
                if (repetition < 0)                           // the first times make the records and compile
                    continue;
                _seconds.Add(seconds);
                _decisions.Add(decisions);
                _rate.Add(_figures.Records / seconds / 1e6);
                _bytes.Add(allocated / _figures.Records);
            }
            return this;
        }

        public string[] Row() =>
        [
            _cell.Name, _rate.Format("0.0"), _bytes.Format("0"), Repetitions.Ratios(_seconds, _decisions).Format("0.0"),
            _figures!.Batches.Mean.ToString("0.0", CultureInfo.InvariantCulture),
        ];

        private double Decide()
        {
            EventSourceMapping mapping = _cell.Mapping with { MaximumBatchingWindow = TimeSpan.Zero, Polling = PollingMode.Eager };   // no time passes there
            TimeSpan before = Environment.CpuUsage.TotalTime;
            new BareLoop(new ShardMachine(mapping, new ShardContext()), _records, Pace.LanesWaitForRecords).RunUntil(_records.Length);
            return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        }
    }
}
