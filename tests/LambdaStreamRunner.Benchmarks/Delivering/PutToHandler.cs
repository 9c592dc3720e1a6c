using System.Diagnostics;
using System.Globalization;
using Amazon.Lambda.KinesisEvents;
using LambdaStreamRunner.Benchmarks.Reporting;

namespace LambdaStreamRunner.Benchmarks.Delivering;

/// <summary>How long a record is under way from its put to the first line of the handler, with little to do.</summary>
internal static class PutToHandler
{
    private const int RecordsPerSecond = 100;

    public static async Task RunAsync(Effort effort, Report report)
    {
        (int repetitions, int seconds) = effort is Effort.Quick ? (3, 2) : (5, 10);
        await MeasureAsync(seconds: 2);                       // compiles what is measured
        var median = new Repetitions();
        var tail = new Repetitions();
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            Latencies latencies = await MeasureAsync(seconds);
            median.Add(latencies.Milliseconds(0.5));
            tail.Add(latencies.Milliseconds(0.99));
        }
        report.Note(string.Create(CultureInfo.InvariantCulture, $"{RecordsPerSecond} records/s for {seconds} s, {repetitions} repetitions\n"));
        report.Table(["", "ms"], [["p50", median.Format("0.000")], ["p99", tail.Format("0.000")]]);
    }

    private static async Task<Latencies> MeasureAsync(int seconds)
    {
        var latencies = new Latencies();
        var gate = new Lock();
        await using var one = new OneStream(
            (KinesisEvent kinesisEvent) =>
            {
                long arrived = Stopwatch.GetTimestamp();
                lock (gate)
                {
                    foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
                        latencies.Add(Stopwatch.GetElapsedTime(BitConverter.ToInt64(record.Kinesis.Data.ToArray()), arrived));
                }
            },
            mapping => mapping);
        await one.StartAsync();
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / RecordsPerSecond), TimeProvider.System);
        for (int i = 0; i < seconds * RecordsPerSecond && await pace.WaitForNextTickAsync(); i++)
            one.Stream.Put("key", BitConverter.GetBytes(Stopwatch.GetTimestamp()));
        await one.DrainAsync();
        return latencies;
    }
}
