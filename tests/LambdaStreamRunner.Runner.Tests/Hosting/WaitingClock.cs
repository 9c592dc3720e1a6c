using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>A clock that says when somebody has begun to wait for so long: only then may time go on.</summary>
internal sealed class WaitingClock(TimeSpan time) : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private readonly Channel<DateTimeOffset> _waiting = Channel.CreateUnbounded<DateTimeOffset>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime == time)
            _waiting.Writer.TryWrite(GetUtcNow());
        return timer;
    }

    /// <summary>Ends when somebody waits whom nobody has asked for yet.</summary>
    public async Task SomebodyWaitsAsync() => await _waiting.Reader.ReadAsync(TestContext.Current.CancellationToken);
}
