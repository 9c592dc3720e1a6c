using LambdaStreamRunner.Runner.Polling;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Polling;

public class RunClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _real = new(Start);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(60, 120)]
    [InlineData(0.5, 1)]
    public void The_run_begins_now_and_passes_at_its_speed(double speed, double secondsAfterTwo)
    {
        var clock = new RunClock(_real, speed);
        long began = clock.GetTimestamp();
        Assert.Equal(Start, clock.GetUtcNow());

        _real.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(Start.AddSeconds(secondsAfterTwo), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(secondsAfterTwo), clock.GetElapsedTime(began));
    }

    [Fact]
    public void A_timer_is_due_in_the_runs_time()
    {
        var clock = new RunClock(_real, speed: 60);
        int fired = 0;
        using ITimer timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromMinutes(5), Timeout.InfiniteTimeSpan);

        _real.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(0, fired);
        _real.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(1, fired);
    }

    [Fact]
    public void A_timer_that_is_set_again_keeps_to_the_runs_time_and_period()
    {
        var clock = new RunClock(_real, speed: 10);
        int fired = 0;
        using ITimer timer = clock.CreateTimer(_ => fired++, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _real.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, fired);

        timer.Change(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
        _real.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, fired);
        _real.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(2, fired);
    }

    [Fact]
    public void A_timer_never_fires_before_the_runs_time_has_come()
    {
        var clock = new RunClock(_real, speed: 1000);
        DateTimeOffset? fired = null;
        DateTimeOffset due = clock.GetUtcNow().AddSeconds(2.5);
        using ITimer timer = clock.CreateTimer(_ => fired = clock.GetUtcNow(), null, TimeSpan.FromSeconds(2.5), Timeout.InfiniteTimeSpan);

        for (int millisecond = 0; millisecond < 10 && fired is null; millisecond++)
            _real.Advance(TimeSpan.FromMilliseconds(1));

        Assert.InRange(fired!.Value, due, due.AddSeconds(1));
    }

    [Fact]
    public void A_timer_far_in_a_slow_run_is_cut_to_what_a_timer_can_hold()
    {
        var clock = new RunClock(TimeProvider.System, speed: 0.001);

        using ITimer timer = clock.CreateTimer(_ => { }, null, TimeSpan.FromDays(7), Timeout.InfiniteTimeSpan);

        Assert.True(timer.Change(TimeSpan.FromDays(30), Timeout.InfiniteTimeSpan));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_speed_must_be_a_number_above_0(double speed) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunClock(_real, speed));
}
