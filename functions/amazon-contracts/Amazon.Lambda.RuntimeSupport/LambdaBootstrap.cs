namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Handles one invocation.</summary>
public delegate Task<InvocationResponse> LambdaBootstrapHandler(InvocationRequest invocation);

/// <summary>Prepares the function; false ends it.</summary>
public delegate Task<bool> LambdaBootstrapInitializer();

/// <summary>Runs a function's handler for one invocation after the other, until it is cancelled or the process ends.</summary>
public class LambdaBootstrap : IDisposable
{
    private readonly LambdaBootstrapHandler _handler;
    private readonly LambdaBootstrapInitializer _initializer;
    private readonly HttpClient _ownHttpClient;
    private readonly RuntimeApi _api;

    public LambdaBootstrap(LambdaBootstrapHandler handler, LambdaBootstrapInitializer initializer = null)
        : this(new HttpClient(), handler, initializer) =>
        _ownHttpClient = _api.HttpClient;

    public LambdaBootstrap(HandlerWrapper handlerWrapper, LambdaBootstrapInitializer initializer = null)
        : this(handlerWrapper.Handler, initializer)
    {
    }

    public LambdaBootstrap(HttpClient httpClient, HandlerWrapper handlerWrapper, LambdaBootstrapInitializer initializer = null)
        : this(httpClient, handlerWrapper.Handler, initializer)
    {
    }

    public LambdaBootstrap(HttpClient httpClient, LambdaBootstrapHandler handler, LambdaBootstrapInitializer initializer = null)
    {
        ArgumentNullException.ThrowIfNull(httpClient);
        ArgumentNullException.ThrowIfNull(handler);
        httpClient.Timeout = Timeout.InfiniteTimeSpan;         // an environment may wait for hours
        _handler = handler;
        _initializer = initializer;
        _api = new RuntimeApi(httpClient);
    }

    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_initializer is not null && !await InitializeAsync())
            return;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
                await InvokeOnceAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // As asked.
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _ownHttpClient?.Dispose();
    }

    private async Task<bool> InitializeAsync()
    {
        try
        {
            return await _initializer();
        }
        catch (Exception thrown)
        {
            await Console.Error.WriteLineAsync(thrown.ToString());
            await _api.PostInitErrorAsync(thrown);
            throw;
        }
    }

    private async Task InvokeOnceAsync(CancellationToken cancellationToken)
    {
        using InvocationRequest invocation = await _api.NextAsync(cancellationToken);
        string requestId = invocation.LambdaContext.AwsRequestId;
        InvocationResponse response;
        try
        {
            response = await _handler(invocation);
        }
        catch (Exception thrown)
        {
            await Console.Error.WriteLineAsync(thrown.ToString());
            await _api.PostErrorAsync(requestId, thrown);
            return;
        }

        await _api.PostResponseAsync(requestId, response?.OutputStream ?? Stream.Null);
        if (response is { DisposeOutputStream: true, OutputStream: { } sent })
            await sent.DisposeAsync();
    }
}
