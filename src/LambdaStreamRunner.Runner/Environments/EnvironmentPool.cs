using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>The environments of one function: as many as invocations run at a time, used again while they are warm, replaced when they end.</summary>
internal sealed class EnvironmentPool : IAsyncDisposable
{
    /// <summary>How long an environment stays when nobody needs it. AWS does not say; simulations reckon with the same.</summary>
    public static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(5);

    /// <summary>How often environments that nobody needs are looked for.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(30);

    private readonly EnvironmentHost _host;
    private readonly EnvironmentCounts _counts;
    private readonly EnvironmentStarter _starter;
    private readonly Lock _gate = new();
    private readonly List<ExecutionEnvironment> _idle = [];   // the last one is the warmest
    private readonly HashSet<Task> _ending = [];              // nobody waits for these but the end of the pool
    private readonly ITimer _looking;
    private bool _isClosed;

    public EnvironmentPool(EnvironmentBlueprint blueprint, EnvironmentHost host, EnvironmentCounts counts)
    {
        (_host, _counts) = (host, counts);
        _starter = new EnvironmentStarter(blueprint, host, counts);
        TimeSpan interval = blueprint.IsDebugged ? Timeout.InfiniteTimeSpan : LookInterval;   // its debugger is attached while nothing happens, too
        _looking = host.Time.CreateTimer(_ => RetireIdle(), null, interval, interval);
    }

    /// <summary>A warm environment, or a new one. Whoever has it gives it back.</summary>
    public async Task<StartedEnvironment> RentAsync(CancellationToken abandon) =>
        TakeWarm() is { } warm ? new StartedEnvironment(warm, null, TimeSpan.Zero) : await _starter.StartAsync(abandon);

    /// <summary>Takes back an environment that can be used again.</summary>
    public async ValueTask ReturnAsync(ExecutionEnvironment environment)
    {
        bool isKept;
        lock (_gate)
        {
            isKept = !_isClosed;
            if (isKept)
                _idle.Add(environment);
        }
        if (!isKept)
            await EndAsync(environment, EnvironmentEnd.Retired);
    }

    /// <summary>Ends an environment; it is gone when the task has ended.</summary>
    public async ValueTask EndAsync(ExecutionEnvironment environment, EnvironmentEnd why)
    {
        _counts.Ended(environment, why);
        try
        {
            if (why is EnvironmentEnd.Crashed)
                _host.Listener.Notice?.Invoke($"{environment.Settings.FunctionName}: environment {environment.Settings.LogStreamName} has ended by itself.");
        }
        finally
        {
            await environment.DisposeAsync();
        }
    }

    /// <summary>Ends all environments that nobody has; those that somebody has end when they are given back.</summary>
    public async ValueTask DisposeAsync()
    {
        ExecutionEnvironment[] idle;
        lock (_gate)
        {
            _isClosed = true;
            idle = [.. _idle];
            _idle.Clear();
        }
        await _looking.DisposeAsync();                        // after this, nothing retires any more
        foreach (ExecutionEnvironment environment in idle)
            EndAside(environment);
        Task[] ending;
        lock (_gate)
            ending = [.. _ending];
        await Task.WhenAll(ending);
    }

    private ExecutionEnvironment? TakeWarm()
    {
        while (true)
        {
            ExecutionEnvironment? warm;
            lock (_gate)
            {
                if (_idle.Count == 0)
                    return null;
                warm = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
            }
            if (warm.IsAlive)
                return warm;
            EndAside(warm);
        }
    }

    private void EndAside(ExecutionEnvironment environment)
    {
        Task ending = EndAsync(environment, environment.IsAlive ? EnvironmentEnd.Retired : EnvironmentEnd.Crashed).AsTask();
        lock (_gate)
        {
            _ending.RemoveWhere(task => task.IsCompletedSuccessfully);
            _ending.Add(ending);
        }
    }

    // The coldest ones are at the front.
    private void RetireIdle()
    {
        ExecutionEnvironment[] old;
        lock (_gate)
        {
            int count = _idle.FindIndex(environment => environment.IsAlive && _host.Time.GetElapsedTime(environment.IdleSince) < IdleMax);
            old = [.. _idle[..(count < 0 ? _idle.Count : count)]];
            _idle.RemoveRange(0, old.Length);
        }
        foreach (ExecutionEnvironment environment in old)
            EndAside(environment);
    }
}
