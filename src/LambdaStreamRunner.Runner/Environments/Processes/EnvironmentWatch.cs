using System.Collections.Concurrent;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>Looks at the memory of all environments of a runner, one look for all of them.</summary>
/// <param name="time">Paces the looks.</param>
/// <param name="marks">Those of all processes: forgets those that are gone.</param>
/// <param name="table">Reads the processes of this machine.</param>
internal sealed class EnvironmentWatch(TimeProvider time, ProcessMarks marks, Func<IReadOnlyList<RunningProcess>> table)
{
    /// <summary>Time between two looks: what uses too much is ended so much later at most.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<EnvironmentProcess, EnvironmentProcess> _watched = new();
    private readonly Lock _starting = new();
    private Task _looking = Task.CompletedTask;

    /// <summary>Looks at it from now on.</summary>
    public void Add(EnvironmentProcess environment)
    {
        _watched[environment] = environment;
        lock (_starting)
        {
            if (_looking.IsCompleted)
                _looking = Task.Run(LookAsync);
        }
    }

    /// <summary>Looks at it no more.</summary>
    public void Remove(EnvironmentProcess environment) => _watched.TryRemove(environment, out _);

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(Period, time);
        while (HasWork())
        {
            await timer.WaitForNextTickAsync();
            Look();
        }
    }

    /// <summary>Asked under the lock, so that an environment that comes now finds either a loop that goes on or one that has ended.</summary>
    private bool HasWork()
    {
        lock (_starting)
        {
            if (_watched.IsEmpty)
                _looking = Task.CompletedTask;
            return !_watched.IsEmpty;
        }
    }

    private void Look()
    {
        var snapshot = new Lazy<IReadOnlyList<RunningProcess>>(table);
        foreach (EnvironmentProcess environment in _watched.Keys)
            environment.Look(snapshot);
        if (snapshot.IsValueCreated)
            marks.Keep(snapshot.Value);
    }
}
