using Microsoft.Extensions.Hosting;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Starts and stops a runner with its host.</summary>
internal sealed class StreamRunnerService(StreamRunner runner) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => runner.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => runner.StopAsync(cancellationToken);
}
