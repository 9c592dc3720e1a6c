using System.Text.Json;
using LambdaStreamRunner.Benchmarks.Reporting;

namespace LambdaStreamRunner.Benchmarks.Starting;

/// <summary>What many streams or shards cost while nothing happens: <c>run</c> until all is started, then CPU and memory at rest.</summary>
internal static class IdleStreams
{
    private const int Streams = 10_000;
    private const int Shards = 5_000;

    // The compiler still optimises what the start has used; that is not the cost of being idle.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(Effort effort, Report report)
    {
        (int repetitions, TimeSpan settling, TimeSpan idling) = effort is Effort.Quick
            ? (1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2))
            : (3, Settling, TimeSpan.FromSeconds(10));
        string folder = Directory.CreateTempSubdirectory("idle-streams").FullName;
        try
        {
            List<string[]> rows = [];
            foreach ((string what, object configuration) in Cases())
            {
                string file = Path.Combine(folder, "runner.json");
                await File.WriteAllTextAsync(file, JsonSerializer.Serialize(configuration));
                Rest memory = new(file, settling, idling, []), kept = new(file, settling, idling, ["--data", Path.Combine(folder, "data")]);
                await kept.RepeatAsync(isCounted: false);     // makes the streams, and builds the function
                for (int repetition = 0; repetition < repetitions; repetition++)
                {
                    await memory.RepeatAsync(isCounted: true);
                    await kept.RepeatAsync(isCounted: true);
                }
                rows.Add(memory.Row($"{what}, in memory"));
                rows.Add(kept.Row($"{what}, kept, next start"));
                Directory.Delete(Path.Combine(folder, "data"), recursive: true);
            }
            report.Note($"{repetitions} repetitions in turns; at rest for {idling.TotalSeconds:0} s, {settling.TotalSeconds:0} s after the start\n");
            report.Table(["", "started, s", "CPU at rest, % of a core", "resident, MB"], [.. rows]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<(string What, object Configuration)> Cases()
    {
        yield return ($"{Streams:N0} streams", new { Streams = Enumerable.Range(0, Streams).ToDictionary(index => $"s{index}", _ => new { ShardCount = 1 }) });
        yield return ($"a mapping over {Shards:N0} shards", new
        {
            Streams = new { clicks = new { ShardCount = Shards } },
            Functions = new { AccessLog = new { CodeUri = StartedProgram.PathOf("AccessLog"), Handler = "AccessLog::AccessLog.Function::HandleAsync", Timeout = 3 } },
            EventSourceMappings = new[] { new { EventSourceArn = "clicks", FunctionName = "AccessLog", StartingPosition = "TRIM_HORIZON" } },
        });
    }

    private sealed class Rest(string configuration, TimeSpan settling, TimeSpan idling, string[] further)
    {
        private readonly Repetitions _start = new();
        private readonly Repetitions _cpu = new();
        private readonly Repetitions _memory = new();

        public async Task RepeatAsync(bool isCounted)
        {
            using StartedProgram started = StartedProgram.Start(
                "LambdaStreamRunner.Host", port => ["run", "--config", configuration, "--port", $"{port}", .. further]);
            TimeSpan start = await started.ReadyAsync();
            if (!isCounted)
                return;
            await Task.Delay(settling, TimeProvider.System);
            TimeSpan before = started.CpuTime;
            await Task.Delay(idling, TimeProvider.System);
            _start.Add(start.TotalSeconds);
            _cpu.Add(100 * (started.CpuTime - before) / idling);
            _memory.Add(started.ResidentMegabytes);
        }

        public string[] Row(string name) => [name, _start.Format("0.00"), _cpu.Format("0.00"), _memory.Format("0")];
    }
}
