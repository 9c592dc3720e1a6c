using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.StreamServer;
using Microsoft.Extensions.Logging.Abstractions;

namespace LambdaStreamRunner.Benchmarks.Delivering;

/// <summary>A runner in this process with one stream of one shard and one delegate as function; what is put before the start waits for it.</summary>
internal sealed class OneStream : IAsyncDisposable
{
    private const string Name = "work";

    private readonly StreamRunner _runner;

    public OneStream(Delegate handler, Func<EventSourceMapping, EventSourceMapping> change)
    {
        StreamRunnerOptions options = new StreamRunnerOptions().AddStream(Name).AddFunction("Worker", handler).AddMapping(Name, "Worker", change);
        _runner = new StreamRunner(options, TimeProvider.System, NullLoggerFactory.Instance);
        Stream = _runner.Streams.Create(Name, shardCount: 1);
    }

    public EmbeddedStream Stream { get; }

    public Task StartAsync() => _runner.StartAsync(CancellationToken.None);

    public async Task DrainAsync()
    {
        await _runner.WaitUntilDrainedAsync(CancellationToken.None);
        await _runner.StopAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _runner.DisposeAsync();
}
