using LambdaStreamRunner.Benchmarks.Reporting;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>Puts over loopback, beside a server that does nothing with them: client here, server in a process of its own.</summary>
internal static class PutsOverHttp
{
    private static readonly PutRequest[] Requests =
    [
        new("PutRecords", PutRequest.RecordsMax, 100), new("PutRecords", PutRequest.RecordsMax, 1024), new("PutRecord", 1, 100),
    ];

    public static async Task RunAsync(Effort effort, Report report)
    {
        (int repetitions, TimeSpan warmUp, TimeSpan duration) = effort is Effort.Quick
            ? (1, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.5))
            : (5, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        var rows = new List<string[]>();
        foreach (PutRequest request in Requests)
        {
            (PutCell nothing, PutCell kinesis) = (new(Served.Nothing, request), new(Served.Kinesis, request));
            for (int repetition = 0; repetition < repetitions; repetition++)
            {
                await nothing.RepeatAsync(warmUp, duration);
                await kinesis.RepeatAsync(warmUp, duration);
            }
            rows.Add(nothing.Row("do-nothing", nothing));
            rows.Add(kinesis.Row("LambdaStreamRunner", nothing));
        }
        report.Note($"{ClosedLoop.Connections} connections, {duration.TotalSeconds} s after a warm-up of {warmUp.TotalSeconds} s, {repetitions} repetitions in turns, a fresh server process for each\n");
        report.Table(["request", "server", "records/s", "of do-nothing", "p50 ms", "p99 ms", "resident MB", "server's cores"], rows);
    }
}
