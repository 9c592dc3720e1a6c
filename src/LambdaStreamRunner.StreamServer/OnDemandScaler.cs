using LambdaStreamRunner.Core.Streams;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.StreamServer;

/// <summary>Splits shards of streams in ON_DEMAND mode as the load asks for, minute after minute of the run's clock.</summary>
public sealed class OnDemandScaler : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _scaling;

    /// <summary>Begins.</summary>
    public OnDemandScaler(EmbeddedStreams streams, ILogger logger) => _scaling = Task.Run(() => ScaleAsync(streams, logger));

    /// <summary>Ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _scaling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ScaleAsync(EmbeddedStreams streams, ILogger logger)
    {
        while (true)
        {
            foreach (EmbeddedStream stream in streams.All)
                Scale(stream, streams, logger);
            await Task.Delay(OnDemandScaling.Window, streams.Time, _stop.Token);
        }
    }

    private static void Scale(EmbeddedStream stream, EmbeddedStreams streams, ILogger logger)
    {
        try
        {
            int split = stream.ScaleOnDemand(streams.RoomForShards);
            if (split > 0)
                logger.StreamScaled(stream.Name, split);
        }
        catch (Exception failed)                              // the disk, for instance; other streams go on, and so does this one
        {
            logger.ScalingFailed(stream.Name, failed);
        }
    }
}
