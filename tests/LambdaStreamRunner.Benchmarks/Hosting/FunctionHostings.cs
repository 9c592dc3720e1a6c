using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using LambdaStreamRunner.Benchmarks.Delivering;
using LambdaStreamRunner.Benchmarks.Reporting;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Benchmarks.Hosting;

/// <summary>What an invocation and a cold start cost in this process and in processes of their own.</summary>
internal static class FunctionHostings
{
    private const int Lanes = 4;

    public static async Task RunAsync(Effort effort, Report report)
    {
        int repetitions = effort is Effort.Quick ? 2 : 7;
        await RatesAsync(repetitions, effort is Effort.Quick ? 8_000 : 20_000, report);
        await BatchesAsync(repetitions, effort is Effort.Quick ? 30_000 : 50_000, report);
        await ColdStartsAsync(effort is Effort.Quick ? 3 : 15, report);
    }

    private static async Task RatesAsync(int repetitions, int count, Report report)
    {
        byte[] one = EventOf(1);
        await using HostedNoOp inProcess = await HostedNoOp.DotnetAsync(nameof(NoOpHandlers.TakeStream), FunctionHosting.InProcess);
        await using HostedNoOp dotnet = await HostedNoOp.DotnetAsync(nameof(NoOpHandlers.TakeStream), FunctionHosting.Process);
        await using HostedNoOp node = await HostedNoOp.OpenAsync("nodejs20.x", FolderOf("node"), "index.handler");
        await using HostedNoOp python = await HostedNoOp.OpenAsync("python3.11", FolderOf("python"), "app.handler");
        (string Name, HostedNoOp Function, int Count, Repetitions Rate, Repetitions Cpu)[] all =
        [
            (".NET in process", inProcess, count * 10, new(), new()), (".NET in processes", dotnet, count, new(), new()),
            ("Node.js", node, count, new(), new()), ("Python", python, count, new(), new()),
        ];
        var roundTrip = new Repetitions();
        for (int repetition = -1; repetition < repetitions; repetition++)
        {
            double there = LoopbackRoundTrip.Measure(count);
            if (repetition >= 0)
                roundTrip.Add(there);
            foreach ((_, HostedNoOp function, int invocations, Repetitions rate, Repetitions cpu) in all)
            {
                (double measured, double microseconds) = await function.RateAsync(one, Lanes, invocations / Lanes);
                if (repetition < 0)
                    continue;                                 // compiled what is measured
                rate.Add(measured);
                cpu.Add(microseconds);
            }
        }
        report.Note(string.Create(CultureInfo.InvariantCulture, $"No-op handlers, an event of one record ({one.Length} B), {Lanes} lanes and environments, {repetitions} repetitions in turns. A byte over loopback and back, two threads: {roundTrip.Format("0.0")} µs.\n"));
        report.Table(["", "invocations/s", "CPU of the runner, µs each"], all.Select(one => (string[])[one.Name, one.Rate.Format("N0"), one.Cpu.Format("0")]));
    }

    private static async Task BatchesAsync(int repetitions, int count, Report report)
    {
        StreamRecord[] records = EventJson.MakeRecords(count);
        KinesisEventWriter events = EventJson.NewWriter();
        await using HostedNoOp inProcess = await HostedNoOp.DotnetAsync(nameof(NoOpHandlers.TakeRecords), FunctionHosting.InProcess);
        await using HostedNoOp process = await HostedNoOp.DotnetAsync(nameof(NoOpHandlers.TakeRecords), FunctionHosting.Process);
        await using HostedNoOp unread = await HostedNoOp.DotnetAsync(nameof(NoOpHandlers.TakeStream), FunctionHosting.Process);
        (Repetitions alone, Repetitions here, Repetitions there, Repetitions carried) = (new(), new(), new(), new());
        for (int repetition = -1; repetition < repetitions; repetition++)
        {
            (double json, double hosted, double processed, double transported) = (
                EventJson.WriteAndParse(records), await inProcess.HandleAsync(events, records, EventJson.BatchSize),
                await process.HandleAsync(events, records, EventJson.BatchSize), await unread.HandleAsync(events, records, EventJson.BatchSize));
            if (repetition < 0)
                continue;                                     // compiled what is measured
            alone.Add(count / json);
            here.Add(count / hosted);
            there.Add(count / processed);
            carried.Add(count / transported);
        }
        report.Note(string.Create(CultureInfo.InvariantCulture, $"{count:N0} records of 1 KiB in batches of {EventJson.BatchSize}, written, handed over and parsed one after the other, {repetitions} repetitions in turns.\n"));
        report.Table(
            ["", "records/s"],
            [
                ["events written and parsed, nothing else", alone.Format("N0")],
                ["in process", here.Format("N0")],
                ["in a process of its own", there.Format("N0")],
                ["carried to a process of its own, and left unread", carried.Format("N0")],
                ["in process ÷ written and parsed", Repetitions.Ratios(here, alone).Format("0.00")],
                ["in a process of its own ÷ written and parsed", Repetitions.Ratios(there, alone).Format("0.00")],
            ]);
    }

    private static async Task ColdStartsAsync(int repetitions, Report report)
    {
        byte[] one = EventOf(1);
        await using HostedNoOp dotnet = await HostedNoOp.OpenAsync(
            new FunctionConfiguration
            {
                Name = "AccessLog",
                Arn = "arn:aws:lambda:us-east-1:000000000000:function:AccessLog",
                CodeUri = MetadataOf("AccessLog"),
                Handler = "AccessLog::AccessLog.Function::HandleAsync",
                Hosting = FunctionHosting.Process,
                Timeout = TimeSpan.FromSeconds(60),
                MemorySizeMegabytes = 512,
            },
            areReportsMade: true);
        string samples = Path.GetDirectoryName(MetadataOf("AccessLog"))!;
        await using HostedNoOp node = await HostedNoOp.OpenAsync("nodejs20.x", Path.Combine(samples, "access-log-node"), "index.handler", areReportsMade: true);
        await using HostedNoOp python = await HostedNoOp.OpenAsync("python3.11", Path.Combine(samples, "access-log-python"), "app.handler", areReportsMade: true);
        (string Name, HostedNoOp Function, string[] Bare, Repetitions Init, Repetitions Whole, Repetitions Alone)[] all =
        [
            (".NET class library", dotnet, ["dotnet", "exec", MetadataOf("Nothing")], new(), new(), new()),
            ("Node.js", node, ["node", "-e", "0"], new(), new(), new()),
            ("Python", python, [RunToItsEnd(["python3", "-c", "import sys; print(sys.executable)"]).Output.Trim(), "-c", "pass"], new(), new(), new()),
        ];
        for (int repetition = -1; repetition < repetitions; repetition++)
        {
            foreach ((_, HostedNoOp function, string[] bare, Repetitions init, Repetitions whole, Repetitions alone) in all)
            {
                ((TimeSpan started, TimeSpan answered), double empty) = (await function.ColdAsync(one), RunToItsEnd(bare).Seconds);
                if (repetition < 0)
                    continue;                                 // the files are in memory now
                init.Add(started.TotalMilliseconds);
                whole.Add(answered.TotalMilliseconds);
                alone.Add(empty * 1000);
            }
        }
        report.Note($"The access-log samples: from nothing to the first question for an invocation (init), and to its answer, beside an empty program from its start to its end, {repetitions} repetitions in turns; ms.\n");
        report.Table(
            ["", "init", "to the first answer", "empty program", "init beyond it, in the median"],
            all.Select(one => (string[])[one.Name, one.Init.Format("0"), one.Whole.Format("0"), one.Alone.Format("0"), (one.Init.Median - one.Alone.Median).ToString("0", CultureInfo.InvariantCulture)]));
    }

    private static (double Seconds, string Output) RunToItsEnd(string[] command)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? (Stopwatch.GetElapsedTime(start).TotalSeconds, output) : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}.");
    }

    private static byte[] EventOf(int count)
    {
        StreamRecord line = StreamRecord.Create(
            "203.0.113.10", """203.0.113.10 - - [31/Jan/2026:09:36:51 +0000] "GET /about HTTP/1.1" 200 325 "-" "Example/2.1" """.TrimEnd().Select(one => (byte)one).ToArray(),
            SequenceNumber.Create(1_767_225_600, 0, 1, 1_767_225_600), DateTimeOffset.UnixEpoch.AddSeconds(1_767_225_600));
        StreamRecord[] records = [.. Enumerable.Repeat(line, count)];
        KinesisEventWriter events = EventJson.NewWriter();
        byte[] buffer = new byte[events.Measure(records)];
        return buffer[..events.Write(records, buffer)];
    }

    private static string FolderOf(string language) => Path.Combine(AppContext.BaseDirectory, "Hosting", language);

    private static string MetadataOf(string key) =>
        typeof(FunctionHostings).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
