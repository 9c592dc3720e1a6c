using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>A timer of the virtual clock; it belongs to the invocation that set it last, or to the environment whose constructor did.</summary>
internal sealed class VirtualTimer : ITimer
{
    private const int TieRanks = 3;

    private readonly TestWorld _world;
    private readonly TimerCallback _callback;
    private readonly object? _state;
    private readonly ExecutionContext? _flow = ExecutionContext.Capture();
    private readonly TimerKind _kind;
    private readonly Lock _gate = new();
    private InvocationScope? _countedFor;
    private int _version;
    private bool _isDisposed;

    public VirtualTimer(TestWorld world, TimerCallback callback, object? state)
    {
        (_world, _callback, _state) = (world, callback, state);
        _kind = IsGuard(state) && !world.Scenario.GuardsMoveTime ? TimerKind.Guard : TimerKind.Awaited;
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        InvocationScope? scope = InvocationScope.Current;
        bool isOff = dueTime == Timeout.InfiniteTimeSpan;
        Setting setting;
        lock (_gate)
        {
            if (_isDisposed)
                return false;
            setting = new Setting(++_version, _world.Now + dueTime, period, scope);
            Count(isOff ? null : setting.CountsFor);
        }
        if (isOff)
            return true;
        if (_world.Pump.IsHere)
            Plan(setting);
        else
            _world.Pump.Post(() => Plan(setting), scope);
        return true;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _version++;
            Count(null);
        }
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    // A source with a delay, and WaitAsync with a limit, end the wait for something else.
    private static bool IsGuard(object? state) =>
        state is CancellationTokenSource || (state is Task && state.GetType().Name.StartsWith("CancellationPromise", StringComparison.Ordinal));

    private void Plan(Setting setting)
    {
        int rank = setting.Scope is { } scope
            ? _world.Chooser.Choose(new Choice(ChoiceKind.Tie, scope.Subject, ((long)scope.Occasion << 32) | (uint)scope.NextTimer()), TieRanks)
            : 0;
        _world.Loop.At(setting.Due, () => Ring(setting), rank);
    }

    private void Ring(Setting setting)
    {
        if (!IsSet(setting))
            return;
        if (setting.Scope is null)
            Fire(setting);
        else
            setting.Scope.Run("the callback of a timer", () => Fire(setting));
    }

    private void Fire(Setting setting)
    {
        if (!IsSet(setting))
            return;
        if (setting.Period > TimeSpan.Zero)
            Plan(setting with { Due = NextTick(setting) });
        else
            Stop(setting);
        // .NET's own timers ring without a synchronization context, so that what asked for none goes on right here and not in the thread pool.
        // A callback of the user has its invocation's: an async one goes on at the pump, and what it throws is the invocation's, not the end of the test's process.
        bool isOfUser = _callback.Method.Module.Assembly != typeof(Task).Assembly;
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(isOfUser ? setting.Scope : null);
        try
        {
            if (_flow is null)
                _callback(_state);
            else
                ExecutionContext.Run(_flow, _ => Call(setting), null);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    // Who set the timer last need not be who made it.
    private void Call(Setting setting)
    {
        InvocationScope.Current = setting.Scope;
        _callback(_state);
    }

    // Ticks that were missed while the environment was frozen are not caught up, as those of a machine that slept.
    private DateTimeOffset NextTick(Setting setting)
    {
        long late = Math.Max(0, (_world.Now - setting.Due).Ticks);
        return setting.Due + (setting.Period * ((late / setting.Period.Ticks) + 1));
    }

    private void Stop(Setting setting)
    {
        lock (_gate)
        {
            if (setting.Version == _version)
                Count(null);
        }
    }

    private bool IsSet(Setting setting)
    {
        lock (_gate)
            return setting.Version == _version;
    }

    private void Count(InvocationScope? scope)
    {
        _countedFor?.CountTimer(_kind, -1);
        _countedFor = scope;
        scope?.CountTimer(_kind, 1);
    }

    private sealed record Setting(int Version, DateTimeOffset Due, TimeSpan Period, InvocationScope? Scope)
    {
        // A periodic timer outlives the invocation that set it: whichever runs in the environment may wait for its ticks.
        public InvocationScope? CountsFor => Period > TimeSpan.Zero ? Scope?.Environment.Own : Scope;
    }
}
