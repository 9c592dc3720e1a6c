using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>A timer of the virtual clock; it belongs to the invocation whose code made it.</summary>
internal sealed class VirtualTimer : ITimer
{
    private const int TieRanks = 3;

    private readonly TestWorld _world;
    private readonly TimerCallback _callback;
    private readonly object? _state;
    private readonly ExecutionContext? _flow = ExecutionContext.Capture();
    private readonly InvocationScope? _scope = InvocationScope.Current;
    private readonly TimerKind _kind;
    private int _version;
    private int _isCounted;

    public VirtualTimer(TestWorld world, TimerCallback callback, object? state)
    {
        (_world, _callback, _state) = (world, callback, state);
        _kind = IsGuard(state) ? TimerKind.Guard : TimerKind.Awaited;
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        int version = Interlocked.Increment(ref _version);
        if (dueTime == Timeout.InfiniteTimeSpan)
        {
            Count(0);
            return true;
        }
        Count(1);
        DateTimeOffset due = _world.Now + dueTime;
        if (_world.Pump.IsHere)
            Plan(due, period, version);
        else
            _world.Pump.Post(() => Plan(due, period, version), _scope);
        return true;
    }

    public void Dispose()
    {
        Interlocked.Increment(ref _version);
        Count(0);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    // A source with a delay, and WaitAsync with a limit, end the wait for something else.
    private static bool IsGuard(object? state) =>
        state is CancellationTokenSource || (state is Task && state.GetType().Name.StartsWith("CancellationPromise", StringComparison.Ordinal));

    private void Plan(DateTimeOffset due, TimeSpan period, int version)
    {
        int rank = _scope is null ? 0 : _world.Chooser.Choose(new Choice(ChoiceKind.Tie, _scope.Subject, (_scope.Occasion * 1_000L) + _scope.NextTimer()), TieRanks);
        _world.Loop.At(due, () => Ring(due, period, version), rank);
    }

    private void Ring(DateTimeOffset due, TimeSpan period, int version)
    {
        if (version != Volatile.Read(ref _version))
            return;
        if (_scope is null)
            Fire(due, period, version);
        else
            _scope.Run("the callback of a timer", () => Fire(due, period, version));
    }

    // .NET's own timers ring without a synchronization context, so that what asked for none goes on right here and not in the thread pool.
    // A callback of the user has its invocation's: an async one goes on at the pump, and what it throws is the invocation's, not the end of the test's process.
    private void Fire(DateTimeOffset due, TimeSpan period, int version)
    {
        if (version != Volatile.Read(ref _version))
            return;
        if (period > TimeSpan.Zero)
            Plan(due + period, period, version);
        else
            Count(0);
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_callback.Method.Module.Assembly == typeof(Task).Assembly ? null : _scope);
        try
        {
            if (_flow is null)
                _callback(_state);
            else
                ExecutionContext.Run(_flow, state => _callback(state), _state);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private void Count(int pending)
    {
        int change = pending - Interlocked.Exchange(ref _isCounted, pending);
        if (change != 0)
            _scope?.CountTimer(_kind, change);
    }
}
