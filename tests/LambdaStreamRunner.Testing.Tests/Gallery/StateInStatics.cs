using Amazon.Lambda.KinesisEvents;

namespace LambdaStreamRunner.Testing.Tests.Gallery;

/// <summary>Each execution environment has statics of its own, and they end with it: the next one counts from zero.</summary>
public static class StateInStatics
{
    public static Exhibit Exhibit { get; } = new(
        "state in statics",
        "\"the n-th record of an order is written as number n\"",
        () => Test(environment => new Buggy(environment.Effects).HandleAsync),
        () => Test(environment => new Correct(environment.Effects).HandleAsync))
    {
        Schedules = 50,                                       // each environment loads the assembly once more
    };

    private static StreamTest Test(Func<ExecutionEnvironment, Delegate> handlerOf) => StreamTest.For(handlerOf)
        .IsolateStatics()
        .Mapping(mapping => mapping with { BatchSize = 10, ParallelizationFactor = 2 })
        .Given(Exhibit.Orders)
        .Under(Exhibit.HarshFaults)
        .EffectsAre(record => (record.Key, $"{record.Nth}"))
        .Expect([.. Promise.All.Remove(Order.Effects)])
        .Expect("the n-th record of an order is written as number n", WrongNumber);

    private static string? WrongNumber(TestRun run)
    {
        foreach ((string key, IReadOnlyList<string> numbers) in run.Effects)
        {
            if (!numbers.SequenceEqual(Enumerable.Range(1, numbers.Count).Select(number => $"{number}")))
                return $"{key} has the numbers {string.Join(", ", numbers)}.";
        }
        return null;
    }

    private sealed class Buggy(Effects table)
    {
        private static readonly Dictionary<string, int> Counts = [];
        private static readonly HashSet<string> Seen = [];

        public async Task HandleAsync(KinesisEvent kinesisEvent)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
            {
                if (Seen.Contains(record.EventId))
                    continue;
                int number = Counts.GetValueOrDefault(record.Kinesis.PartitionKey) + 1;
                await table.AddOnceAsync(record.Kinesis.PartitionKey, record.EventId, number);
                Counts[record.Kinesis.PartitionKey] = number;
                Seen.Add(record.EventId);
            }
        }
    }

    private sealed class Correct(Effects table)
    {
        public async Task HandleAsync(KinesisEvent kinesisEvent)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
                await table.AddOnceAsync(record.Kinesis.PartitionKey, record.EventId, table.Of(record.Kinesis.PartitionKey).Count + 1);
        }
    }
}
