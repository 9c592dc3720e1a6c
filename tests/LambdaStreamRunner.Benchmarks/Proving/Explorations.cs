using System.Diagnostics;
using System.Globalization;
using System.Text;
using Amazon.Lambda.KinesisEvents;
using LambdaStreamRunner.Benchmarks.Reporting;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Testing;

namespace LambdaStreamRunner.Benchmarks.Proving;

/// <summary>What proofs of the testing library cost: its goals are in time, since people wait for them in a test run.</summary>
internal static class Explorations
{
    /// <summary>A handler over Amazon's types and its serializer, which takes most of the time.</summary>
    private sealed class Ledger(Effects effects)
    {
        public void Handle(KinesisEvent kinesisEvent)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
                effects.Add(record.Kinesis.PartitionKey, Encoding.UTF8.GetString(record.Kinesis.Data.ToArray()));
        }

        public async Task HandleAsync(KinesisEvent kinesisEvent)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
                await effects.AddAsync(record.Kinesis.PartitionKey, Encoding.UTF8.GetString(record.Kinesis.Data.ToArray()));
        }
    }

    public static async Task RunAsync(Effort effort, Report report)
    {
        (int schedules, int repetitions) = effort is Effort.Quick ? (50, 1) : (500, 5);
        (string Name, string Goal, Func<Task> Run)[] cells =
        [
            ($"{schedules} schedules of 2,000 records", "< 10 s", async () => await Large(environment => new Ledger(environment.Effects).Handle).Explore(schedules).RunAsync()),
            ($"{schedules} schedules of 2,000 records, a virtual wait for each", "", async () => await Large(environment => new Ledger(environment.Effects).HandleAsync).Explore(schedules).RunAsync()),
            ("a default exploration of 50 records", "< 1 s", async () => await Small().RunAsync()),
            ("24 h of failing retries", "< 0.1 s", DayOfRetriesAsync),
        ];
        Repetitions[] seconds = [.. cells.Select(_ => new Repetitions())];
        for (int repetition = -1; repetition < repetitions; repetition++)
        {
            for (int cell = 0; cell < cells.Length; cell++)
            {
                long start = Stopwatch.GetTimestamp();
                await cells[cell].Run();
                if (repetition >= 0)                          // the first time compiles what is measured
                    seconds[cell].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }
        report.Note(string.Create(CultureInfo.InvariantCulture, $"{repetitions} repetitions in turns, on all cores."));
        report.Table(["", "goal", "s"], [.. cells.Select((cell, i) => new[] { cell.Name, cell.Goal, seconds[i].Format("0.000") })]);
    }

    private static StreamTest Large(Func<ExecutionEnvironment, Delegate> handlerOf) => StreamTest.For(handlerOf)
        .Mapping(mapping => mapping with { BatchSize = 100, ParallelizationFactor = 10, BisectBatchOnFunctionError = true, MaximumRetryAttempts = 3 })
        .Given(Records.Zipf(keys: 50, count: 2_000, perSecond: 500).Poison("order-17", nth: 3))
        .Under(Faults.HandlerLatency(5, 2_000).HandlerThrows(0.01).Reshard(times: 1).RunnerCrash(times: 1).EffectLatency(1))
        .ExpectDiscarded("order-17#3");

    private static StreamTest Small() => StreamTest.For(environment => new Ledger(environment.Effects).Handle)
        .Given(Records.Zipf(keys: 5, count: 50, perSecond: 50))
        .Under(Faults.HandlerLatency(5, 200).RunnerCrash());

    private static async Task DayOfRetriesAsync()
    {
        StreamTest test = StreamTest.For(_ => void (KinesisEvent _) => throw new InvalidOperationException("poison"))
            .Mapping(mapping => mapping with { MaximumRecordAge = TimeSpan.FromHours(24) })
            .Retention(TimeSpan.FromDays(2)).Within(TimeSpan.FromDays(2));
        test.Put("key", "r1");
        await test.RunUntilIdleAsync();
        if (test.Discarded is not ["r1"] || test.Invocations.Count < 1_400)
            throw new InvalidOperationException($"{test.Invocations.Count} tries, and then: {string.Join(' ', test.Discarded)}");
    }
}
