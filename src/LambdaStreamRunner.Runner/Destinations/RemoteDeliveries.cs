using LambdaStreamRunner.Runner.Aws;

namespace LambdaStreamRunner.Runner.Destinations;

/// <summary>Sends to one service at one endpoint, for all shards: so many at once, and each for so long.</summary>
/// <remarks>
/// A shard waits for its deliveries only when 1,000 of them are under way; the limits here see to it that a service that
/// does not answer lets go of them.
/// </remarks>
/// <param name="client">Calls the service; what may help is tried again by its rules.</param>
/// <param name="atOnce">Most deliveries under way; the others wait, and their time has begun.</param>
/// <param name="time">Real time, whatever the speed of the run.</param>
internal sealed class RemoteDeliveries(AwsClient client, int atOnce, TimeProvider time) : IDisposable
{
    /// <summary>Longest time of one delivery, with the wait for room and all its tries; then it has failed for good.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A try and three more, at most 2 s apart.</summary>
    public static readonly AwsRetryPolicy Retries = new(4, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2));

    private readonly SemaphoreSlim _room = new(atOnce);

    private readonly SilenceBreaker _breaker = new(time);

    /// <summary>Delivers once there is room, and at once not at all while the endpoint is known to be silent.</summary>
    /// <param name="request">Makes the request: what waits for room is not in memory twice.</param>
    /// <param name="patience">Longest time of it all.</param>
    /// <param name="abandon">Gives it up.</param>
    /// <exception cref="IOException">It was refused, or nobody answered in time.</exception>
    public async Task<AwsAnswer> DeliverAsync(Func<AwsRequest> request, TimeSpan patience, CancellationToken abandon)
    {
        if (!_breaker.LetsThrough())
            throw new IOException($"{client.Endpoint} was silent {SilenceBreaker.SilencesMax} times in a row: it is tried every {SilenceBreaker.Pause.TotalSeconds:0} s.");
        long begun = time.GetTimestamp();
        await WaitForRoomAsync(patience, abandon);
        try
        {
            TimeSpan left = patience - time.GetElapsedTime(begun);
            AwsAnswer answer = await SendAsync(request(), left > TimeSpan.Zero ? left : TimeSpan.Zero, abandon);
            _breaker.Answered();
            return answer;
        }
        catch (IOException failed)
        {
            if (failed.InnerException is AwsException { Status: > 0 })
                _breaker.Answered();
            else if (failed.InnerException is OperationCanceledException)
                _breaker.WasSilent();
            throw;
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>Calls the service, and waits for a good answer.</summary>
    /// <exception cref="IOException">It refuses, or does not answer in time.</exception>
    public async Task<AwsAnswer> SendAsync(AwsRequest request, TimeSpan patience, CancellationToken abandon)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(abandon, limit.Token);
        try
        {
            return await client.SendAsync(request, either.Token);
        }
        catch (AwsException refused)
        {
            throw new IOException(refused.Message, refused);
        }
        catch (OperationCanceledException late) when (!abandon.IsCancellationRequested)
        {
            throw new IOException($"{client.Endpoint} has not answered for {patience.TotalSeconds:0} s.", late);
        }
    }

    private async Task WaitForRoomAsync(TimeSpan patience, CancellationToken abandon)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(abandon, limit.Token);
        try
        {
            await _room.WaitAsync(either.Token);
        }
        catch (OperationCanceledException late) when (!abandon.IsCancellationRequested)
        {
            throw new IOException($"{client.Endpoint} is too slow: there was no room for this delivery for {patience.TotalSeconds:0} s.", late);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        client.Dispose();
        _room.Dispose();
    }
}
