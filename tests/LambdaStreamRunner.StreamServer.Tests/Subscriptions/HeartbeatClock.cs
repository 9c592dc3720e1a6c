using System.Threading.Channels;
using LambdaStreamRunner.StreamServer.Subscriptions;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.StreamServer.Tests.Subscriptions;

/// <summary>A clock that says when a subscription has begun to wait for its next heartbeat: only then may time go on.</summary>
internal sealed class HeartbeatClock() : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private readonly Channel<DateTimeOffset> _waiting = Channel.CreateUnbounded<DateTimeOffset>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime == ShardSubscription.HeartbeatInterval)
            _waiting.Writer.TryWrite(GetUtcNow());
        return timer;
    }

    /// <summary>Lets time pass until one waiting subscription sends its sign of life.</summary>
    public async Task BeatAsync()
    {
        await _waiting.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Advance(ShardSubscription.HeartbeatInterval);
    }
}
