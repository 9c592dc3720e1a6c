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
            (Cell nothing, Cell kinesis) = (new(Served.Nothing, request), new(Served.Kinesis, request));
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

    private sealed class Cell(Served served, PutRequest request)
    {
        private readonly Repetitions _rate = new();
        private readonly Repetitions _median = new();
        private readonly Repetitions _tail = new();
        private readonly Repetitions _memory = new();
        private readonly Repetitions _cores = new();

        public async Task RepeatAsync(TimeSpan warmUp, TimeSpan duration)
        {
            using ServerProcess server = await ServerProcess.StartAsync(served);
            new ClosedLoop(server.Address, request).Run(warmUp);
            TimeSpan cpu = server.Cpu;
            (double rate, Latencies latencies) = new ClosedLoop(server.Address, request).Run(duration);
            _cores.Add((server.Cpu - cpu) / (latencies.Count * request.Records / rate * TimeSpan.FromSeconds(1)));
            _rate.Add(rate);
            _median.Add(latencies.Milliseconds(0.5));
            _tail.Add(latencies.Milliseconds(0.99));
            _memory.Add(server.ResidentMegabytes);
        }

        public string[] Row(string server, Cell nothing) =>
        [
            request.ToString(), server, _rate.Format("N0"), Repetitions.Ratios(_rate, nothing._rate).Format("0.00"),
            _median.Format("0.00"), _tail.Format("0.00"), _memory.Format("0"), _cores.Format("0.0"),
        ];
    }
}
