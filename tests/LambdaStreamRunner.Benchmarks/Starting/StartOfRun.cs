using LambdaStreamRunner.Benchmarks.Reporting;

namespace LambdaStreamRunner.Benchmarks.Starting;

/// <summary>From the start of the process to the first answer on the port: <c>run</c>, with its function built, and an empty web server.</summary>
internal static class StartOfRun
{
    public static async Task RunAsync(Effort effort, Report report)
    {
        (int repetitions, TimeSpan idling) = effort is Effort.Quick ? (3, TimeSpan.FromSeconds(1)) : (10, TimeSpan.FromSeconds(3));
        string folder = Directory.CreateTempSubdirectory("start-of-run").FullName;
        try
        {
            string configuration = Path.Combine(folder, "runner.json");
            await File.WriteAllTextAsync(configuration, Configuration(StartedProgram.PathOf("AccessLog")));
            string[] Run(int port) => ["run", "--config", configuration, "--port", $"{port}"];
            string[] Serve(int port) => ["--urls", $"http://127.0.0.1:{port}"];

            (Start empty, Start run) = (new("EmptyServer", Serve), new("LambdaStreamRunner.Host", Run));
            for (int repetition = -1; repetition < repetitions; repetition++)
            {
                await empty.RepeatAsync(isCounted: repetition >= 0, idling);   // the first time builds the function and fills the page cache
                await run.RepeatAsync(isCounted: repetition >= 0, idling);
            }
            report.Note($"{repetitions} repetitions in turns; the empty server is what `dotnet new web` makes, built as this is\n");
            report.Table(
                ["", "first answer, ms", "times the empty server's", "resident when idle, MB"],
                [empty.Row("empty web server", empty), run.Row("run: a stream, a function, a mapping", empty)]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Configuration(string codeUri) => $$"""
        {
          "Streams": { "clicks": { "ShardCount": 2 } },
          "Functions": { "AccessLog": { "CodeUri": "{{codeUri}}", "Handler": "AccessLog::AccessLog.Function::HandleAsync", "Timeout": 3 } },
          "EventSourceMappings": [ { "EventSourceArn": "clicks", "FunctionName": "AccessLog", "StartingPosition": "TRIM_HORIZON" } ]
        }
        """;

    private sealed class Start(string program, Func<int, string[]> arguments)
    {
        private readonly Repetitions _answer = new();
        private readonly Repetitions _memory = new();

        public async Task RepeatAsync(bool isCounted, TimeSpan idling)
        {
            using StartedProgram started = StartedProgram.Start(program, arguments);
            TimeSpan answer = await started.FirstAnswerAsync();
            if (!isCounted)
                return;
            _answer.Add(answer.TotalMilliseconds);
            await Task.Delay(idling, TimeProvider.System);
            _memory.Add(started.ResidentMegabytes);
        }

        public string[] Row(string name, Start yardstick) =>
            [name, _answer.Format("0"), Repetitions.Ratios(_answer, yardstick._answer).Format("0.00"), _memory.Format("0")];
    }
}
