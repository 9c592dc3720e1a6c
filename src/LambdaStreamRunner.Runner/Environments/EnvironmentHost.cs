using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Environments.RuntimeApi;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>What the environments of all functions share: the server of their Runtime APIs, turns to start in, the clock and the log.</summary>
internal sealed class EnvironmentHost : IAsyncDisposable
{
    /// <summary>Environments that start at the same time: more would only make each of them slower, up to the limit of the init.</summary>
    private static readonly int StartingMax = Math.Max(2, Environment.ProcessorCount);

    private readonly SemaphoreSlim _turns = new(StartingMax);

    private EnvironmentHost(RuntimeApiServer api, FunctionListener listener, TimeProvider time) => (Api, Listener, Time) = (api, listener, time);

    /// <summary>Opens the ports of environments.</summary>
    public RuntimeApiServer Api { get; }

    /// <summary>Receives logs, reports and remarks.</summary>
    public FunctionListener Listener { get; }

    /// <summary>Real time.</summary>
    public TimeProvider Time { get; }

    /// <summary>A host without environments.</summary>
    public static async Task<EnvironmentHost> OpenAsync(FunctionListener listener, TimeProvider time, CancellationToken cancellation) =>
        new(await RuntimeApiServer.StartAsync(cancellation), listener, time);

    /// <summary>Waits for a turn to start an environment; disposing of the answer gives it to the next.</summary>
    public async Task<IDisposable> TurnAsync(CancellationToken abandon)
    {
        await _turns.WaitAsync(abandon);
        return new Turn(_turns);
    }

    /// <summary>Closes the server; the pools must have ended before.</summary>
    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        _turns.Dispose();
    }

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
