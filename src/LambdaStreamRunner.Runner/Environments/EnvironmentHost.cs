using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Environments.RuntimeApi;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>What the environments of all functions share: the server of their Runtime APIs, turns to start in, the clock and the log.</summary>
internal sealed class EnvironmentHost : IAsyncDisposable
{
    /// <summary>Environments that start at the same time: more would only make each of them slower, up to the limit of the init.</summary>
    private static readonly int StartingMax = Math.Max(2, Environment.ProcessorCount);

    /// <summary>Longest turn: what has not started by then waits for something else than the processor, and would keep others from starting.</summary>
    private static readonly TimeSpan TurnMax = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turns = new(StartingMax); // never disposed of: a start that was abandoned may give its turn back later than this ends

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

    /// <summary>Waits for a turn to start an environment; disposing of the answer gives it to the next, and so does time.</summary>
    public async Task<IDisposable> TurnAsync(CancellationToken abandon)
    {
        await _turns.WaitAsync(abandon);
        return new Turn(_turns, Time);
    }

    /// <summary>Closes the server; the pools must have ended before.</summary>
    public ValueTask DisposeAsync() => Api.DisposeAsync();

    private sealed class Turn : IDisposable
    {
        private readonly SemaphoreSlim _turns;
        private readonly ITimer _end;
        private int _hasEnded;

        public Turn(SemaphoreSlim turns, TimeProvider time)
        {
            _turns = turns;
            _end = time.CreateTimer(_ => End(), null, TurnMax, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            _end.Dispose();
            End();
        }

        private void End()
        {
            if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
                _turns.Release();
        }
    }
}
