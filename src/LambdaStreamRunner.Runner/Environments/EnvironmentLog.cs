using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>Brings what an environment writes into the function's log, under the invocation that runs.</summary>
internal sealed class EnvironmentLog(string function, FunctionListener listener)
{
    private volatile string? _running;

    /// <summary>The invocation that runs, or ran last: its lines may be read after its answer. null before the first one.</summary>
    public string? Running
    {
        get => _running;
        set => _running = value;
    }

    /// <summary>Takes a line of output.</summary>
    public void Write(string line) => listener.LogLine?.Invoke(LogLines.Read(function, line, _running));
}
