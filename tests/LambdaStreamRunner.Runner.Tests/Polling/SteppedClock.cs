using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Polling;

/// <summary>A fake clock that knows when its next timer is due.</summary>
internal sealed class SteppedClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly List<Alarm> _alarms = [];

    /// <summary>Timers fire so much before their time, as the system's do now and then.</summary>
    public TimeSpan Early { get; set; }

    public DateTimeOffset? NextDue => _alarms.Min(alarm => alarm.DueAt);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this);
        alarm.Inner = base.CreateTimer(_ => alarm.Fire(callback, state), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        alarm.Change(dueTime, period);
        _alarms.Add(alarm);
        return alarm;
    }

    private sealed class Alarm(SteppedClock clock) : ITimer
    {
        public ITimer Inner { get; set; } = null!;

        public DateTimeOffset? DueAt { get; private set; }

        public void Fire(TimerCallback callback, object? state)
        {
            DueAt = null;
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > clock.Early)
                dueTime -= clock.Early;
            DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : clock.GetUtcNow() + dueTime;
            return Inner.Change(dueTime, period);
        }

        public void Dispose()
        {
            DueAt = null;
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
