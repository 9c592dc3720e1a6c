using System.Collections.Concurrent;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>Listens to functions for those who ask for the log of one invocation; everything goes on to the run's own listener.</summary>
/// <remarks>What a handler of this process writes to the console belongs to the process, and is in no tail.</remarks>
internal sealed class LogTails
{
    private readonly ConcurrentDictionary<string, LogTail> _watched = new(StringComparer.Ordinal);
    private readonly FunctionListener _runs;

    public LogTails(FunctionListener runs)
    {
        _runs = runs;
        Listener = runs with { LogLine = Note };
    }

    /// <summary>What functions are given to log to.</summary>
    public FunctionListener Listener { get; }

    /// <summary>Keeps the end of what an invocation logs, until <see cref="Forget"/>.</summary>
    public LogTail Watch(Guid requestId) => _watched.GetOrAdd(requestId.ToString("D"), _ => new LogTail());

    public void Forget(Guid requestId) => _watched.TryRemove(requestId.ToString("D"), out _);

    private void Note(FunctionLogLine line)
    {
        _runs.LogLine?.Invoke(line);
        if (!_watched.IsEmpty && _watched.TryGetValue(line.RequestId, out LogTail? tail))
            tail.Add($"{line.RequestId} {line.Level} {line.Text}");
    }
}
