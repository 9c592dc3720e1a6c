namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>The machine's time for somebody who has a hundred times as much of it: whatever is waited for, a timer is late.</summary>
internal sealed class SlowTime : TimeProvider
{
    private const int Factor = 100;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Stretched(dueTime), Stretched(period));

    private static TimeSpan Stretched(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time * Factor;
}
