using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>Takes what is past retention off the disk, again and again, on the run's clock.</summary>
public sealed class RetentionSweep : IAsyncDisposable
{
    // Retention is a day or more: the disk holds at most a hundredth more than it must.
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sweeping;

    /// <summary>Begins.</summary>
    public RetentionSweep(EmbeddedStreams streams, ILogger logger) => _sweeping = Task.Run(() => SweepAsync(streams, logger));

    /// <summary>Ends; a sweep that is under way is finished first.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sweeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task SweepAsync(EmbeddedStreams streams, ILogger logger)
    {
        while (true)
        {
            try
            {
                await streams.TrimStoredAsync();
            }
            catch (StorageException failed)
            {
                logger.SweepFailed(failed.Message);           // the next one tries again
            }
            await Task.Delay(Period, streams.Time, _stop.Token);
        }
    }
}
