using System.Diagnostics;
using System.Globalization;
using System.Text;
using LambdaStreamRunner.Benchmarks.Decisions;
using LambdaStreamRunner.Benchmarks.Reporting;
using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Benchmarks.Checking;

/// <summary>How long it takes to judge a whole history, from the first arrival to what is missing at the end.</summary>
internal static class HistoryChecks
{
    private const int Keys = 10_000;
    private const int Seed = 1;

    private static readonly EventSourceMapping Mapping = new()
    {
        BatchSize = 100,
        ParallelizationFactor = 10,
        BisectBatchOnFunctionError = true,
        MaximumRetryAttempts = 2,
    };

    public static Task RunAsync(Effort effort, Report report)
    {
        (int count, int repetitions) = effort is Effort.Quick ? (100_000, 3) : (1_000_000, 9);
        HistoryStep[] steps = Simulate(count);
        HistoryStep[] withEffects = [.. steps.SelectMany(WithEffects)];
        (string Name, HistoryStep[] Steps)[] cells = [("every rule", steps), ("and an effect for every delivery", withEffects)];
        report.Note(string.Create(CultureInfo.InvariantCulture,
            $"{count:N0} records, Zipf(1.0) over {Keys:N0} keys, one shard, ParallelizationFactor 10, batches of 100 of which each 50th fails; {repetitions} repetitions in turns.\n"));
        Repetitions[] seconds = [.. cells.Select(_ => new Repetitions())];
        long[] bytes = new long[cells.Length];
        for (int repetition = -1; repetition < repetitions; repetition++)
        {
            for (int i = 0; i < cells.Length; i++)
            {
                (double time, bytes[i]) = Check(cells[i].Steps);
                if (repetition >= 0)                          // the first time compiles what is measured
                    seconds[i].Add(time);
            }
        }
        report.Table(["", "deliveries", "steps", "s", "deliveries/s", "B allocated per delivery"], [.. cells.Select((cell, i) => Row(cell, seconds[i], bytes[i]))]);
        return Task.CompletedTask;
    }

    private static string[] Row((string Name, HistoryStep[] Steps) cell, Repetitions seconds, long bytes)
    {
        long deliveries = cell.Steps.OfType<HistoryStep.InvocationStarted>().Sum(started => (long)started.Records.Length);
        return
        [
            cell.Name,
            deliveries.ToString("N0", CultureInfo.InvariantCulture),
            cell.Steps.Length.ToString("N0", CultureInfo.InvariantCulture),
            seconds.Format("0.000"),
            (deliveries / seconds.Median).ToString("N0", CultureInfo.InvariantCulture),
            (bytes / deliveries).ToString("N0", CultureInfo.InvariantCulture),
        ];
    }

    private static (double Seconds, long Bytes) Check(HistoryStep[] steps)
    {
        GC.Collect();
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        var checker = new HistoryChecker(new HistoryPromises { Mapping = Mapping, FixedRecordLength = 408, HasDestination = true, ReadWithin = TimeSpan.Zero });
        foreach (HistoryStep step in steps)
            checker.Add(step);
        checker.Finish(steps[^1].Time);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (checker.ViolationCount > 0)
            throw new InvalidOperationException($"A history of the machine itself breaks promises: {checker.Violations[0]}");
        return (seconds, GC.GetAllocatedBytesForCurrentThread() - bytes);
    }

    private static HistoryStep[] Simulate(int count)
    {
        StreamRecord[] records = ZipfRecords.Make(count, Keys, Seed);
        var shard = new SimulatedShard(0, HashKeyRange.Full);
        foreach (ref readonly StreamRecord record in records.AsSpan())
            shard.Append(in record);
        int calls = 0;
        var loop = new SimulationLoop(Mapping, [shard], (_, _) => AnswerTo(++calls), new SimulationOptions { Seed = Seed });
        loop.RunUntilIdle();
        return [.. loop.History.Steps];
    }

    private static FunctionAnswer AnswerTo(int call) =>
        new(call % 50 == 0 ? new BatchOutcome.Failed("Now and then.") : BatchOutcome.Succeeded.Instance, TimeSpan.FromMilliseconds(5 + (call % 7)));

    private static IEnumerable<HistoryStep> WithEffects(HistoryStep step)
    {
        yield return step;
        if (step is not HistoryStep.InvocationStarted started)
            yield break;
        for (int i = 0; i < started.Records.Length; i++)
        {
            StreamRecord record = started.Records.Span[i];
            yield return new HistoryStep.EffectMade(
                started.Time, started.ShardId, started.RequestId, IsWithinInvocation: true, record.PartitionKey, Encoding.UTF8.GetString(record.Data.Span));
        }
    }
}
