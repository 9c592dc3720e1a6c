using LambdaStreamRunner.Benchmarks.Reporting;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>What it costs to keep records on disk: the same puts to streams in memory, in a folder, and in a folder with every group synced.</summary>
internal static class DurablePuts
{
    private static readonly PutRequest[] Requests = [new("PutRecords", PutRequest.RecordsMax, 100), new("PutRecord", 1, 100)];

    public static async Task RunAsync(Effort effort, Report report)
    {
        (int repetitions, TimeSpan warmUp, TimeSpan duration) = effort is Effort.Quick
            ? (1, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.5))
            : (5, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        var rows = new List<string[]>();
        foreach (PutRequest request in Requests)
        {
            PutCell memory = new(Served.Kinesis, request);
            PutCell folder = new(Served.Durable, request);
            PutCell synced = new(Served.PowerSafe, request);
            for (int repetition = 0; repetition < repetitions; repetition++)
            {
                foreach (PutCell cell in new[] { memory, folder, synced })
                    await cell.RepeatAsync(warmUp, duration);
            }
            rows.Add(memory.Row("in memory", memory));
            rows.Add(folder.Row("--data", memory));
            rows.Add(synced.Row("--data --fsync", memory));
        }
        report.Note($"{ClosedLoop.Connections} connections, {duration.TotalSeconds} s after a warm-up of {warmUp.TotalSeconds} s, {repetitions} repetitions in turns, a fresh process and folder for each\n");
        report.Table(["request", "streams", "records/s", "of in memory", "p50 ms", "p99 ms", "resident MB", "server's cores"], rows);
    }
}
