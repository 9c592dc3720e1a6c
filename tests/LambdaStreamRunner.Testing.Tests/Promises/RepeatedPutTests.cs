using Amazon.Lambda.KinesisEvents;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Testing.Tests.Gallery;

namespace LambdaStreamRunner.Testing.Tests.Promises;

/// <summary>A producer that puts a record again has put one record: its effect is due once, and may be made for each put.</summary>
public class RepeatedPutTests
{
    private const int Schedules = 300;

    [Fact]
    public async Task A_handler_that_knows_the_producers_id_makes_one_effect_for_both_puts_and_keeps_every_promise() =>
        await Test((table, key, text) => table.AddOnce(key, text, text)).Expect([.. Promise.All]).Explore(Schedules).RunAsync();

    [Fact]
    public async Task A_handler_that_makes_the_effect_for_each_put_keeps_the_promises_of_at_least_once() =>
        await Test((table, key, text) => table.Add(key, text)).Explore(Schedules).RunAsync();

    [Fact]
    public async Task A_handler_that_makes_the_effect_for_each_put_is_not_idempotent()
    {
        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(
            () => Test((table, key, text) => table.Add(key, text)).Expect(Delivery.EffectsExactlyOnce).Explore(Schedules).RunAsync());

        Assert.Equal("Delivery.EffectsExactlyOnce", failure.Promise);
        Assert.Contains("put twice", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_second_put_may_come_later_than_another_record_of_its_key()
    {
        int apart = 0;
        await Test((table, key, text) => table.Add(key, text)).Expect("later", run =>
        {
            var labels = run.History.OfType<HistoryStep.RecordArrived>().Where(arrived => arrived.Record.PartitionKey == "key-1").Select(arrived => run.LabelOf(arrived.Record)).ToList();
            if (labels.Any(label => labels.LastIndexOf(label) - labels.IndexOf(label) > 1))
                Interlocked.Increment(ref apart);
            return null;
        }).Explore(Schedules).RunAsync();

        Assert.InRange(apart, Schedules / 10, Schedules);
    }

    private static StreamTest Test(Action<Effects, string, string> put) => StreamTest.For(environment => new Handler(environment.Effects, put).Handle)
        .Given(Records.RoundRobin(2, 6, perSecond: 2)).Mapping(mapping => mapping with { BatchSize = 3 }).Under(Faults.ProducerRepeats(0.3).RunnerCrash().Reshard());

    private sealed class Handler(Effects table, Action<Effects, string, string> put)
    {
        public void Handle(KinesisEvent kinesisEvent)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
                put(table, record.Kinesis.PartitionKey, TextOf.Sync(record));
        }
    }
}
