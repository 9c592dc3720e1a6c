using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Checkpoints;
using LambdaStreamRunner.Simulation;
using Moq;

namespace LambdaStreamRunner.Runner.Tests.Polling;

public class ShardPumpTests
{
    private static readonly EventSourceMapping OneByOne = new() { BatchSize = 1, MaximumRetryAttempts = 0 };

    private static readonly BatchOutcome Failed = new BatchOutcome.Failed("boom");

    [Fact]
    public void Records_that_are_put_are_invoked_and_the_checkpoint_follows()
    {
        using PumpWorld world = new PumpWorld(new EventSourceMapping()).Begin();

        world.Put("a");
        world.Put("b");

        Assert.Equal(["0", "1"], world.Calls.Select(HistoryText.PayloadsIn));
        Assert.EndsWith($"after {world.Shard.Records[1].SequenceNumber}", world.Saved[^1], StringComparison.Ordinal);
        Assert.True(world.Pump.IsDrained);
    }

    [Fact]
    public void A_read_that_failed_is_tried_again_after_a_back_off_that_grows()
    {
        using var world = new PumpWorld(new EventSourceMapping());
        List<double> reads = [];
        world.Reader.Setup(reader => reader.ReadAsync(It.IsAny<ShardDecision.ReadRecords>(), It.IsAny<CancellationToken>()))
            .Returns((ShardDecision.ReadRecords request, CancellationToken stopping) =>
            {
                reads.Add(world.Seconds);
                return reads.Count <= 3 ? throw new IOException("The source is away.") : world.ReadAsync(request, stopping);
            });
        world.Begin();
        world.Put("a");

        world.RunFor(10);

        Assert.Equal([0, 0.2, 0.6, 1.4], reads.Take(4).Select(time => Math.Round(time, 3)));
        Assert.Equal(["0"], world.Calls.Select(HistoryText.PayloadsIn));
    }

    [Fact]
    public void A_record_counts_once_while_it_passes_from_unread_to_read()
    {
        using var world = new PumpWorld(OneByOne);
        List<long> known = [];
        world.Invoker.Setup(invoker => invoker.InvokeAsync(It.IsAny<Batch>(), It.IsAny<CancellationToken>()))
            .Returns((Batch batch, CancellationToken abandon) =>
            {
                known.Add(world.Pump.KnownRecords);           // in the step that read it: what the pump has published is older
                return world.InvokeAsync(batch, abandon);
            });
        world.Begin();

        world.Put("a");
        world.Put("b");

        Assert.Equal([1, 2], known);
        Assert.Equal(2, world.Pump.KnownRecords);
    }

    [Fact]
    public void An_invoker_that_throws_spends_no_attempt()
    {
        using var world = new PumpWorld(OneByOne);
        int tries = 0;
        world.Invoker.Setup(invoker => invoker.InvokeAsync(It.IsAny<Batch>(), It.IsAny<CancellationToken>()))
            .Returns((Batch batch, CancellationToken abandon) => ++tries <= 2 ? throw new InvalidOperationException("No room.") : world.InvokeAsync(batch, abandon));
        world.Begin();
        world.Put("a");

        world.RunFor(10);

        Assert.Equal("0.6", HistoryText.SecondsIn(Assert.Single(world.Calls)));
        Assert.Empty(world.Discards);
        Assert.Equal((1, 2, 1), (world.Summary.Invocations, world.Summary.Throttles, world.Summary.Succeeded));
    }

    [Fact]
    public void An_invoker_whose_task_fails_spends_no_attempt()
    {
        using var world = new PumpWorld(OneByOne);
        int tries = 0;
        world.Invoker.Setup(invoker => invoker.InvokeAsync(It.IsAny<Batch>(), It.IsAny<CancellationToken>()))
            .Returns((Batch batch, CancellationToken abandon) =>
                ++tries == 1 ? Task.FromException<BatchOutcome>(new IOException("Unreachable.")) : world.InvokeAsync(batch, abandon));
        world.Begin();
        world.Put("a");

        world.RunFor(10);

        Assert.Single(world.Calls);
        Assert.Equal((0, 1, 0), (world.Summary.Discarded, world.Summary.Throttles, world.Summary.FailedInvocations));
    }

    [Fact]
    public void A_destination_that_fails_loses_the_batch_and_the_shard_goes_on()
    {
        using var world = new PumpWorld(OneByOne) { Function = (batch, _) => new FunctionAnswer(IsFirst(batch) ? Failed : BatchOutcome.Succeeded.Instance, TimeSpan.Zero) };
        world.Destination.Setup(destination => destination.DeliverAsync(It.IsAny<DiscardedBatch>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new IOException("The disk is full."));
        world.Begin();

        world.Put("a");
        world.Put("a");

        Assert.Equal(["0", "1"], world.Calls.Select(HistoryText.PayloadsIn));
        Assert.Equal((1, 1, 1), (world.Summary.Discarded, world.Summary.DiscardsUndelivered, world.Summary.Succeeded));
        Assert.EndsWith($"after {world.Shard.Records[1].SequenceNumber}", world.Saved[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_checkpoint_does_not_pass_a_discarded_batch_before_its_destination_has_it()
    {
        using var world = new PumpWorld(OneByOne) { Function = (_, _) => new FunctionAnswer(Failed, TimeSpan.Zero) };
        var delivery = new TaskCompletionSource();
        world.Destination.Setup(destination => destination.DeliverAsync(It.IsAny<DiscardedBatch>(), It.IsAny<CancellationToken>())).Returns(delivery.Task);
        world.Begin();
        world.Put("a");

        Assert.DoesNotContain(world.Saved, saved => saved.Contains("after", StringComparison.Ordinal));
        Assert.False(world.Pump.IsDrained);

        world.Do(delivery.SetResult);

        Assert.EndsWith($"after {world.Shard.Records[0].SequenceNumber}", world.Saved[^1], StringComparison.Ordinal);
        Assert.True(world.Pump.IsDrained);
    }

    [Fact]
    public void A_checkpoint_that_was_not_saved_is_saved_later_and_the_stop_waits_for_it()
    {
        using var world = new PumpWorld(new EventSourceMapping());
        int saves = 0;
        world.Checkpoints.Setup(store => store.SaveAsync(It.IsAny<CheckpointKey>(), It.IsAny<ShardCheckpoint>(), It.IsAny<CancellationToken>()))
            .Returns((CheckpointKey _, ShardCheckpoint checkpoint, CancellationToken _) => ++saves <= 3 ? throw new IOException("The disk is full.") : world.SaveAsync(checkpoint));
        world.Begin();
        world.Put("a");
        world.Stop(StopMode.SettleInFlight);
        world.RunFor(0.5);

        Assert.False(world.Running.IsCompleted);
        Assert.Empty(world.Saved);

        world.RunFor(10);

        Assert.True(world.Running.IsCompletedSuccessfully);
        Assert.EndsWith($"after {world.Shard.Records[0].SequenceNumber}", world.Saved[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_fails_is_left_alone_once_the_pump_is_abandoned()
    {
        using var world = new PumpWorld(new EventSourceMapping());
        int saves = 0;
        world.Checkpoints.Setup(store => store.SaveAsync(It.IsAny<CheckpointKey>(), It.IsAny<ShardCheckpoint>(), It.IsAny<CancellationToken>()))
            .Returns(() => ++saves < 1000 ? throw new IOException("The disk is full.") : new ValueTask(new TaskCompletionSource().Task));
        world.Begin();
        world.Put("a");
        int before = saves;

        world.Abandon();
        world.RunFor(60);

        Assert.InRange(saves, before, before + 1);
    }

    [Fact]
    public void A_stop_settles_what_is_in_flight_saves_the_checkpoint_and_starts_nothing_more()
    {
        using var world = new PumpWorld(OneByOne) { Function = (_, _) => new FunctionAnswer(BatchOutcome.Succeeded.Instance, TimeSpan.FromSeconds(5)) };
        world.Begin();
        world.Put("a");
        world.Put("a");
        world.RunFor(1);

        world.Stop(StopMode.SettleInFlight);
        Assert.False(world.Running.IsCompleted);
        world.RunFor(10);

        Assert.Equal(CloseReason.Stopped, world.End);
        Assert.Equal(["0"], world.Calls.Select(HistoryText.PayloadsIn));
        Assert.EndsWith($"at {world.Shard.Records[1].SequenceNumber}", world.Saved[^1], StringComparison.Ordinal);
        Assert.Equal((1, 1), (world.Summary.Succeeded, world.Summary.Unsettled + world.Pump.UnreadRecords));
    }

    [Fact]
    public void A_stop_ends_a_read_that_waits_for_records()
    {
        using PumpWorld world = new PumpWorld(new EventSourceMapping()).Begin();

        world.Stop(StopMode.SettleInFlight);

        Assert.True(world.Running.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_drain_does_not_wait_for_the_window()
    {
        using PumpWorld world = new PumpWorld(new EventSourceMapping { MaximumBatchingWindow = TimeSpan.FromMinutes(5) }).Begin();
        world.Put("a");
        Assert.Empty(world.Calls);

        world.Stop(StopMode.Drain);

        Assert.Single(world.Calls);
        Assert.True(world.Running.IsCompletedSuccessfully);
    }

    [Fact]
    public void Abandoning_ends_at_once_and_what_is_in_flight_stays_unsettled()
    {
        using var world = new PumpWorld(OneByOne) { Function = (_, _) => new FunctionAnswer(BatchOutcome.Succeeded.Instance, TimeSpan.FromHours(1)) };
        world.Begin();
        world.Put("a");
        world.Stop(StopMode.SettleInFlight);

        world.Abandon();

        Assert.True(world.Running.IsCanceled);
        Assert.Equal((0, 1), (world.Summary.Succeeded, world.Summary.Unsettled));
        Assert.DoesNotContain(world.Saved, saved => saved.Contains("after", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pump_is_drained_only_when_nothing_waits_runs_or_is_unread()
    {
        var outcome = Failed;
        using var world = new PumpWorld(new EventSourceMapping { MaximumBatchingWindow = TimeSpan.FromSeconds(10) })
        {
            Function = (_, _) => new FunctionAnswer(outcome, TimeSpan.FromSeconds(1)),
        };
        world.Begin();
        Assert.True(world.Pump.IsDrained);

        world.Put("a");
        Assert.False(world.Pump.IsDrained, "the window is open");
        Assert.Equal(PumpWorld.Start.AddSeconds(10), world.Pump.NextWake);
        world.RunFor(10.5);
        Assert.False(world.Pump.IsDrained, "the function runs");
        world.RunFor(0.6);
        Assert.False(world.Pump.IsDrained, "the batch waits for its next try");
        Assert.Equal(PumpWorld.Start.AddMilliseconds(11_200), world.Pump.NextWake);
        outcome = BatchOutcome.Succeeded.Instance;
        world.RunFor(10);

        Assert.True(world.Pump.IsDrained);
        Assert.Null(world.Pump.NextWake);
    }

    [Fact]
    public void A_pump_that_takes_up_an_open_tumbling_window_is_not_drained_before_it_has_begun()
    {
        var window = new TumblingWindow(PumpWorld.Start, PumpWorld.Start.AddMinutes(1), "{}"u8.ToArray());
        using var world = new PumpWorld(
            new EventSourceMapping { TumblingWindow = TimeSpan.FromMinutes(1) }, from: new ShardCheckpoint(ShardPosition.TrimHorizon) { Window = window });

        Assert.False(world.Pump.IsDrained);
    }

    [Fact]
    public void Records_that_nobody_has_read_yet_are_counted()
    {
        using var world = new PumpWorld(new EventSourceMapping());
        world.Shard.Append(PumpWorld.RecordOf("a", 0, PumpWorld.Start));

        Assert.Equal(1, world.Pump.UnreadRecords);
        Assert.False(world.Pump.IsDrained);

        world.Begin();

        Assert.Equal(0, world.Pump.UnreadRecords);
        Assert.True(world.Pump.IsDrained);
    }

    [Fact]
    public void The_status_names_the_lane_that_backs_off_and_its_next_attempt()
    {
        using var world = new PumpWorld(new EventSourceMapping { BatchSize = 1 }) { Function = (_, _) => new FunctionAnswer(Failed, TimeSpan.Zero) };
        world.Begin();
        world.Put("a");
        world.RunFor(0.3);

        LaneStatus lane = Assert.Single(world.Status().Lanes);

        Assert.Equal((LaneState.BackingOff, 2, "a"), (lane.State, lane.Attempts, lane.FirstRecord!.Value.PartitionKey));
        Assert.Equal(PumpWorld.Start.AddMilliseconds(600), lane.NextAttempt);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_status_of_a_pump_that_has_ended_is_answered(bool abandoned)
    {
        using PumpWorld world = new PumpWorld(new EventSourceMapping()).Begin();
        world.Put("a");
        if (abandoned)
            world.Abandon();
        else
            world.Stop(StopMode.SettleInFlight);
        Assert.True(world.Running.IsCompleted);

        Assert.Equal(world.Shard.Records[0].SequenceNumber, world.Status().LastRead);
    }

    [Fact]
    public void A_closed_shard_is_worked_off_and_then_the_pump_ends()
    {
        using PumpWorld world = new PumpWorld(new EventSourceMapping { MaximumBatchingWindow = TimeSpan.FromMinutes(1) }).Begin();
        world.Put("a");

        world.CloseShard();

        Assert.Equal(CloseReason.ShardEnd, world.End);
        Assert.EndsWith("ended", world.Saved[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_pump_that_has_ended_and_is_disposed_may_still_be_asked_to_stop()
    {
        using PumpWorld world = new PumpWorld(new EventSourceMapping()).Begin();
        world.CloseShard();
        Assert.Equal(CloseReason.ShardEnd, world.End);
        world.Pump.Dispose();

        Assert.Null(Record.Exception(() => world.Stop(StopMode.SettleInFlight)));
    }

    [Fact]
    public void A_timer_that_fires_early_is_set_again()
    {
        using var world = new PumpWorld(new EventSourceMapping { MaximumBatchingWindow = TimeSpan.FromSeconds(1) });
        world.Clock.Early = TimeSpan.FromMilliseconds(3);
        world.Begin();
        world.Put("a");

        world.RunFor(2);

        Assert.Equal(["0"], world.Calls.Select(HistoryText.PayloadsIn));
    }

    private static bool IsFirst(Batch batch) => batch.Records.Span[0].Data.Span is [(byte)'0'];
}
