using System.Diagnostics;
using System.Globalization;
using Amazon.Lambda.KinesisEvents;
using LambdaStreamRunner.Benchmarks.Reporting;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Benchmarks.Delivering;

/// <summary>How near the runner comes to the shortest time in which order per key can be kept.</summary>
internal static class KeysInParallel
{
    private const int WorkMillisecondsMax = 5;

    private static readonly int[] KeyCounts = [1, 2, 5, 10, 100];
    private static readonly int[] ParallelizationFactors = [1, 2, 5, 10];

    public static async Task RunAsync(Effort effort, Report report)
    {
        int records = effort is Effort.Quick ? 80 : 10_000;
        await AchieveAsync(LanePolicy.DynamicKeys, 10, 10, 50);      // compiles what is measured
        report.Note($"{records} records for each cell, 0 to {WorkMillisecondsMax} ms of work each; the share of the ideal, and the seconds that it took\n");
        await report.TableAsync(["keys", "PF", nameof(LanePolicy.DynamicKeys), nameof(LanePolicy.HashLanes)], RowsAsync(records));
    }

    private static async IAsyncEnumerable<string[]> RowsAsync(int records)
    {
        foreach (int keys in KeyCounts)
        {
            foreach (int lanes in ParallelizationFactors)
            {
                string[] shares = [await CellAsync(LanePolicy.DynamicKeys, keys, lanes, records), await CellAsync(LanePolicy.HashLanes, keys, lanes, records)];
                yield return [keys.ToString(CultureInfo.InvariantCulture), lanes.ToString(CultureInfo.InvariantCulture), .. shares];
            }
        }
    }

    private static async Task<string> CellAsync(LanePolicy policy, int keys, int lanes, int records)
    {
        WorkLedger work = await AchieveAsync(policy, keys, lanes, records);
        return string.Create(CultureInfo.InvariantCulture, $"{work.Ideal(lanes) / work.Elapsed:0.0%} ({work.Elapsed.TotalSeconds:0.0} s)");
    }

    private static async Task<WorkLedger> AchieveAsync(LanePolicy policy, int keys, int lanes, int records)
    {
        var work = new WorkLedger();
        await using var one = new OneStream(
            (KinesisEvent kinesisEvent) => WorkAsync(kinesisEvent, work),
            mapping => mapping with { BatchSize = 1, ParallelizationFactor = lanes, LanePolicy = policy });
        var random = new Random(keys);
        for (int i = 0; i < records; i++)
            one.Stream.Put($"key-{i % keys}", new[] { (byte)random.Next(WorkMillisecondsMax + 1) });
        await one.StartAsync();
        await one.DrainAsync();
        return work.Records == records ? work : throw new InvalidOperationException($"{work.Records} of {records} records were handled.");
    }

    private static async Task WorkAsync(KinesisEvent kinesisEvent, WorkLedger ledger)
    {
        long start = Stopwatch.GetTimestamp();
        KinesisEvent.Record record = kinesisEvent.Records[0].Kinesis;
        await Task.Delay(TimeSpan.FromMilliseconds(record.Data.ReadByte()), TimeProvider.System);
        ledger.Add(record.PartitionKey, start, Stopwatch.GetTimestamp());
    }
}
