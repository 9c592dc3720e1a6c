using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>One invocation of a handler: what its code, wherever it runs, is known by.</summary>
/// <remarks>
/// It is the synchronization context of the handler, so that whatever it awaits goes on at the pump; and it flows with the
/// execution context, so that threads which run its code are counted and timers know whose they are.
/// </remarks>
internal sealed class InvocationScope(TestWorld world, HandlerEnvironment environment, SimulatedInvocation invocation, long subject, int occasion)
    : SynchronizationContext
{
    [ThreadStatic]
    private static bool _hasBaton;

    private static readonly AsyncLocal<InvocationScope?> Flowing = new(OnFlow);

    private int _threads;
    private int _awaitedTimers;
    private int _pendingTimers;
    private int _timers;

    /// <summary>The invocation that the running code belongs to; null outside of any.</summary>
    public static new InvocationScope? Current
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }

    public TestWorld World { get; } = world;

    public HandlerEnvironment Environment { get; } = environment;

    public SimulatedInvocation Invocation { get; } = invocation;

    /// <summary>The invocation that this code acts for: itself, or the one that runs when the environment's own code does.</summary>
    public InvocationScope Acting => IsOfEnvironment ? Environment.Served! : this;

    private bool IsOfEnvironment => Environment.Own == this;

    /// <summary>What choices about it are known by: the number of its first record, and the how-many-eth delivery of that.</summary>
    public long Subject { get; } = subject;

    /// <inheritdoc cref="Subject"/>
    public int Occasion { get; } = occasion;

    /// <summary>When its time is over.</summary>
    public DateTimeOffset Deadline { get; init; }

    /// <summary>True once the handler has returned.</summary>
    public bool HasAnswered { get; set; }

    /// <summary>Threads of the pool that run its code now.</summary>
    public int Threads => Volatile.Read(ref _threads);

    /// <summary>True when threads of the pool run its code now.</summary>
    public bool RunsElsewhere => Volatile.Read(ref _threads) > 0;

    /// <summary>True when it waits for the virtual clock: time may move.</summary>
    public bool AwaitsClock => (Volatile.Read(ref _awaitedTimers) > 0 || Environment.Own is { _awaitedTimers: > 0 }) && !RunsElsewhere;

    /// <summary>True when it has set timers, be it only as guards of something else.</summary>
    public bool HasTimers => Volatile.Read(ref _pendingTimers) > 0 || Environment.Own is { _pendingTimers: > 0 };

    /// <summary>True when code of it has run since this was set to false.</summary>
    public bool HasRun { get; set; }

    /// <summary>The next timer's ordinal.</summary>
    public int NextTimer() => Interlocked.Increment(ref _timers);

    /// <summary>A timer was set, or is over.</summary>
    /// <param name="kind">Whether code waits for it to go on.</param>
    /// <param name="change">1 or −1.</param>
    public void CountTimer(TimerKind kind, int change)
    {
        Interlocked.Add(ref _pendingTimers, change);
        if (kind is TimerKind.Awaited)
            Interlocked.Add(ref _awaitedTimers, change);
    }

    /// <summary>Runs code of this invocation on the pump: now when its environment is awake, when it wakes otherwise, never when it is gone.</summary>
    /// <param name="what">What it is, for the message about an exception: nobody catches it, and the process of the environment ends.</param>
    /// <param name="code">The code.</param>
    public void Run(string what, Action code)
    {
        if (Environment.IsGone)
            return;
        if (!Environment.IsAwake)
        {
            Environment.Freeze(() => Run(what, code));
            return;
        }
        Enter();
        try
        {
            code();
        }
        catch (Exception thrown) when (thrown is not StreamTestException)
        {
            Environment.Died(Environment, what, thrown);
        }
        finally
        {
            BlockedCode.OfThread?.Leave();
        }
    }

    /// <summary>Its code runs on this thread, which belongs to the world.</summary>
    public void Enter()
    {
        Acting.HasRun = true;
        BlockedCode.OfThread?.Enter(this);
    }

    /// <summary>For messages.</summary>
    public override string ToString()
    {
        if (IsOfEnvironment)
            return $"What the constructor of environment {Environment.Number} began";
        string[] records = [.. Invocation.Started.Records.ToArray().Select(record => World.RecordOf(record.SequenceNumber).Label)];
        string few = string.Join(", ", records.Take(5)) + (records.Length > 5 ? $" and {records.Length - 5} more" : "");
        return $"Invocation {Invocation.Started.RequestId} of [{few}]";
    }

    public override void Post(SendOrPostCallback d, object? state) => World.Pump.Post(() => Run("code that nobody awaits", () => Continue(d, state)), this);

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    private void Continue(SendOrPostCallback d, object? state)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SetSynchronizationContext(this);
        try
        {
            d(state);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private static void OnFlow(AsyncLocalValueChangedArgs<InvocationScope?> change)
    {
        if (!change.ThreadContextChanged)
            return;
        change.PreviousValue?.LeaveThread();
        change.CurrentValue?.EnterThread();
    }

    // Threads that a constructor starts serve the environment for good: nobody waits for them.
    private void EnterThread()
    {
        if (World.Pump.IsHere || IsOfEnvironment)
            return;
        Interlocked.Increment(ref _threads);
        World.Scenario.PoolUse.See();
        _hasBaton = World.Baton.TryTake();
    }

    private void LeaveThread()
    {
        if (World.Pump.IsHere || IsOfEnvironment)
            return;
        if (_hasBaton)
            World.Baton.Return();
        _hasBaton = false;
        HasRun = true;                                        // it may have left work to other threads
        if (Interlocked.Decrement(ref _threads) == 0)
            World.Pump.Signal();
    }
}

/// <summary>What a handler sets a timer for.</summary>
internal enum TimerKind
{
    /// <summary>To go on when it is due, as Task.Delay does.</summary>
    Awaited,

    /// <summary>To give up something else, as a CancellationTokenSource with a delay does: waiting for that other thing holds the clock.</summary>
    Guard,
}
