using System.Diagnostics;
using System.Globalization;
using LambdaStreamRunner.Benchmarks.Reporting;
using LambdaStreamRunner.Benchmarks.Starting;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Benchmarks.Tuning;

/// <summary>How fast the program takes in a trace: of a long one it simulates the first second only, and what a short one takes is subtracted.</summary>
internal static class TraceReading
{
    private static readonly (string Name, string Extension)[] Formats = [("CSV", "csv"), ("lines of JSON", "ndjson")];

    public static async Task RunAsync(Effort effort, Report report)
    {
        (int count, int repetitions) = effort is Effort.Quick ? (200_000, 1) : (5_000_000, 5);
        string folder = Directory.CreateTempSubdirectory("lambda-stream-benchmark").FullName;
        try
        {
            report.Note(string.Create(CultureInfo.InvariantCulture,
                $"A trace of {count:N0} records is read by `simulate --trace FILE --duration 1s`, wall time less that of a trace of 1,000; {repetitions} repetitions in turns.\n"));
            List<string[]> rows = [];
            foreach ((string name, string extension) in Formats)
                rows.Add(await RowAsync(name, Path.Combine(folder, $"long.{extension}"), Path.Combine(folder, $"short.{extension}"), count, repetitions));
            report.Table(["", "lines/s", "MB/s"], rows);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string[]> RowAsync(string name, string longFile, string shortFile, int count, int repetitions)
    {
        Write(longFile, count);
        Write(shortFile, 1_000);
        (Repetitions lines, Repetitions bytes) = (new(), new());
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            double seconds = await SimulateAsync(longFile) - await SimulateAsync(shortFile);
            lines.Add(count / seconds);
            bytes.Add(new FileInfo(longFile).Length / seconds / 1e6);
        }
        File.Delete(longFile);
        return [name, lines.Format("N0"), bytes.Format("0")];
    }

    private static async Task<double> SimulateAsync(string trace)
    {
        string program = Path.ChangeExtension(StartedProgram.PathOf("LambdaStreamRunner.Host"), null);
        string[] words = ["simulate", "--trace", trace, "--duration", "1s", "--handler-model", "1ms", "--json"];
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> complaints = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"simulate ended with {process.ExitCode}: {await complaints}");
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Write(string path, int count)
    {
        bool isCsv = path.EndsWith(".csv", StringComparison.Ordinal);
        using var file = new StreamWriter(path);
        if (isCsv)
            file.WriteLine("timeMs,partitionKey,bytes");
        var traffic = new SyntheticTraffic(new TrafficProfile { Rate = RateCurve.Constant(1_000), Duration = TimeSpan.FromSeconds(count / 1_000.0), Spacing = ArrivalSpacing.Even });
        foreach (ReadOnlyMemory<Arrival> block in traffic.ReadFrom(TimeSpan.Zero))
        {
            foreach (ref readonly Arrival arrival in block.Span)
                file.WriteLine(Line(in arrival, isCsv));
        }
    }

    private static string Line(in Arrival arrival, bool isCsv)
    {
        long milliseconds = arrival.Ticks / TimeSpan.TicksPerMillisecond;
        string key = $"device-{(uint)(arrival.KeyHash >> 96) % 100_000}";
        return isCsv
            ? FormattableString.Invariant($"{milliseconds},{key},{arrival.DataLength}")
            : FormattableString.Invariant($$"""{"timeMs":{{milliseconds}},"partitionKey":"{{key}}","bytes":{{arrival.DataLength}}}""");
    }
}
