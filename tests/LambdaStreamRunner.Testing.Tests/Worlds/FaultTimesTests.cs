using Amazon.Lambda.KinesisEvents;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Testing.Tests.Gallery;

namespace LambdaStreamRunner.Testing.Tests.Worlds;

/// <summary>What strikes at a time strikes while there is something to strike.</summary>
public class FaultTimesTests
{
    private const int Schedules = 300;

    [Fact]
    public async Task A_crash_that_was_chosen_strikes_while_the_mapping_has_work()
    {
        int crashed = 0;
        await Test().Under(Faults.RunnerCrash().CheckpointLatency(5_000))
            .Expect("a crash", run => Count(run.History.Any(step => step is HistoryStep.MachineCrashed), ref crashed))
            .Explore(Schedules).RunAsync();

        Assert.InRange(crashed, Schedules * 9 / 10, Schedules);
    }

    [Fact]
    public async Task A_reshard_that_was_chosen_is_made()
    {
        int resharded = 0;
        await Test().Under(Faults.Reshard())
            .Expect("a reshard", run => Count(run.History.Any(step => step is HistoryStep.ShardClosed), ref resharded))
            .Explore(Schedules).RunAsync();

        Assert.InRange(resharded, Schedules * 9 / 10, Schedules);
    }

    [Fact]
    public async Task An_effect_that_is_made_again_after_a_crash_is_found_with_one_record()
    {
        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(() => StreamTest.For(environment => new Handler(environment.Effects).HandleAsync)
            .Given(Records.Of("key", "r1")).Under(Faults.RunnerCrash().CheckpointLatency(5_000))
            .Expect(Delivery.EffectsExactlyOnce).Explore(100).RunAsync());

        Assert.Equal("Delivery.EffectsExactlyOnce", failure.Promise);
        Assert.Contains("crash at", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaps_and_crashes_together_leave_every_promise_whole_even_when_there_is_little_time_to_settle() =>
        await Test().Under(Faults.RunnerCrash(3).ClockJump(3).Reshard(2).CheckpointLatency(5_000)).Within(TimeSpan.FromSeconds(20)).Explore(Schedules).RunAsync();

    [Fact]
    public async Task A_crash_strikes_a_mapping_that_begins_at_LATEST() =>
        await Test().Mapping(mapping => mapping with { StartingPosition = StartingPosition.Latest })
            .Given(Records.RoundRobin(3, 6).After(TimeSpan.FromSeconds(20))).Under(Faults.RunnerCrash()).Explore(Schedules).RunAsync();

    private static StreamTest Test() => StreamTest.For(environment => new Handler(environment.Effects).HandleAsync).Given(Records.RoundRobin(3, 6));

    private static string? Count(bool struck, ref int times)
    {
        if (struck)
            Interlocked.Increment(ref times);
        return null;
    }

    private sealed class Handler(Effects table)
    {
        public async Task HandleAsync(KinesisEvent kinesisEvent)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
                await table.AddAsync(record.Kinesis.PartitionKey, TextOf.Sync(record));
        }
    }
}
