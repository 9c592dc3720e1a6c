using System.Collections.Concurrent;
using System.Text;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>
/// Which environment a process of this machine belongs to, by a variable that it was started with and that all its descendants inherit, also those that
/// leave its group and its session. That is looked up once for each process that ever shows up.
/// </summary>
internal sealed class ProcessMarks
{
    /// <summary>The variable: its value names the runner and one environment of it.</summary>
    public const string Variable = "LAMBDA_STREAM_RUNNER_ENVIRONMENT";

    private static readonly byte[] Assignment = Encoding.UTF8.GetBytes(Variable + "=");
    private readonly ConcurrentDictionary<(int Id, long Started), string> _marks = new();

    /// <summary>The value of the variable in a process; empty when it has none.</summary>
    public string Of(RunningProcess process) => _marks.GetOrAdd((process.Id, process.Started), static key => Find(ProcessTable.EnvironmentOf(key.Id)));

    /// <summary>Forgets those that are gone.</summary>
    public void Keep(IReadOnlyList<RunningProcess> alive)
    {
        if (_marks.Count <= 2 * alive.Count)
            return;
        HashSet<(int, long)> known = [.. alive.Select(process => (process.Id, process.Started))];
        foreach ((int, long) gone in _marks.Keys.Where(key => !known.Contains(key)))
            _marks.TryRemove(gone, out _);
    }

    internal static string Find(ReadOnlySpan<byte> variables)
    {
        foreach (Range range in variables.Split((byte)0))
        {
            if (variables[range].StartsWith(Assignment))
                return Encoding.UTF8.GetString(variables[range][Assignment.Length..]);
        }
        return "";
    }
}
