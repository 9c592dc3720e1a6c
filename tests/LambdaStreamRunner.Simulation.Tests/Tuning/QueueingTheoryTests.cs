using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

/// <summary>Numbers of reference/tuning.md 2.3 and textbooks.</summary>
public class QueueingTheoryTests
{
    private static readonly HandlerModel Handler = new() { Fixed = TimeSpan.FromMilliseconds(20), PerRecord = TimeSpan.FromMilliseconds(1) };

    [Theory]
    [InlineData(10, 23.25)]
    [InlineData(100, 34.39)]
    [InlineData(200, 38.65)]
    [InlineData(400, 51.43)]
    [InlineData(800, 153.9)]
    [InlineData(900, 307.6)]
    public void Dynamic_batches_have_Inoues_bound_of_the_mean_latency(double arrivals, double milliseconds) =>
        Assert.Equal(milliseconds, QueueingTheory.DynamicBatchLatencyMax(arrivals, Handler).TotalMilliseconds, milliseconds * 0.002);

    [Fact]
    public void Ratios_of_measured_to_fitted_durations_count_with_their_mean()
    {
        HandlerModel faster = Handler with { Variation = [0.2, 0.8] };

        Assert.Equal(0.5, faster.MeanRatio);
        Assert.Equal(Handler.DurationOf(10) / 2, faster.MeanDurationOf(10));
        Assert.Equal(QueueingTheory.LaneLoad(100, Handler, 10) / 2, QueueingTheory.LaneLoad(100, faster, 10), 9);
        Assert.Equal(QueueingTheory.HotKeyLoad(100, Handler, 10) / 2, QueueingTheory.HotKeyLoad(100, faster, 10), 9);
    }

    [Fact]
    public void A_lane_needs_a_batch_that_its_fixed_part_is_spread_over()
    {
        Assert.Equal(20, QueueingTheory.SmallestStableBatch(500, Handler)!.Value, 9);
        Assert.Null(QueueingTheory.SmallestStableBatch(1_000, Handler));
        Assert.Equal(1, QueueingTheory.LaneLoad(500, Handler, 20), 9);
        Assert.Equal(333.333, QueueingTheory.LaneCapacity(Handler, 10), 3);
    }

    [Fact]
    public void A_function_that_takes_no_time_keeps_up_with_anything() =>
        Assert.Equal(0, QueueingTheory.LaneLoad(1e9, new HandlerModel { Fixed = TimeSpan.Zero }, 1));

    [Fact]
    public void A_hot_key_needs_its_own_share_of_a_lane() =>
        Assert.Equal(0.83, QueueingTheory.HotKeyLoad(100, Handler, 2.73973), 3);

    [Fact]
    public void A_lane_of_exponential_durations_is_an_M_M_1_queue() =>
        Assert.Equal(80, QueueingTheory.SingleLaneWait(40, serviceMean: 0.02, serviceSecondMoment: 2 * 0.02 * 0.02).TotalMilliseconds, 6);

    [Fact]
    public void Constant_durations_wait_half_as_long() =>
        Assert.Equal(40, QueueingTheory.SingleLaneWait(40, new HandlerModel { Fixed = TimeSpan.FromMilliseconds(20) }).TotalMilliseconds, 6);

    [Fact]
    public void An_overloaded_lane_waits_for_ever() => Assert.Equal(TimeSpan.MaxValue, QueueingTheory.SingleLaneWait(50, 0.02, 0.0008));

    /// <summary>Two Erlang offered to three servers: C = 4/9, by hand.</summary>
    [Fact]
    public void Any_free_lane_is_Erlangs_C()
    {
        Assert.Equal(4.0 / 9, QueueingTheory.ErlangC(100, 0.02, 3), 12);
        Assert.Equal(8.889, QueueingTheory.SharedLanesWait(100, 0.02, 3).TotalMilliseconds, 3);
        Assert.Equal(0.8, QueueingTheory.ErlangC(40, 0.02, 1), 12);
    }

    [Fact]
    public void Divided_lanes_wait_longer_than_shared_ones_at_the_same_load() =>
        Assert.True(QueueingTheory.DividedLanesWait(100, 3, 0.02, 0.0008) > QueueingTheory.SharedLanesWait(100, 0.02, 3));

    [Fact]
    public void A_window_gathers_what_comes_while_it_is_open()
    {
        Assert.Equal(11, QueueingTheory.WindowBatchMean(5, TimeSpan.FromSeconds(2)));
        Assert.Equal(2.0 * 6 / 11, QueueingTheory.WindowWait(5, TimeSpan.FromSeconds(2)).TotalSeconds, 6);
    }

    [Fact]
    public void Records_of_1_KiB_never_fill_a_batch_of_10_000()
    {
        Assert.InRange(QueueingTheory.EffectiveBatchSize(10_000, 1_024), 3_250, 3_310);
        Assert.Equal(100, QueueingTheory.EffectiveBatchSize(100, 1_024));
        Assert.Equal(4, QueueingTheory.EffectiveBatchSize(10_000, 1_048_576));
    }

    [Fact]
    public void A_transient_failure_of_every_fifth_invocation_takes_five_quarters_of_the_attempts() => Assert.Equal(1.25, QueueingTheory.TransientAttempts(0.2));
}
