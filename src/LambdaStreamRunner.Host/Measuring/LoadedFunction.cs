using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Invoking;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>A function of the configuration, made ready as <c>run</c> makes it, wherever it runs.</summary>
internal sealed class LoadedFunction : IMeasuredFunction, IAsyncDisposable
{
    private readonly FunctionCatalog _catalog;
    private readonly IFunction _function;
    private readonly FunctionConfiguration _configuration;
    private readonly List<IFunction> _cold = [];

    private LoadedFunction(FunctionCatalog catalog, IFunction function, FunctionConfiguration configuration) =>
        (_catalog, _function, _configuration) = (catalog, function, configuration);

    /// <inheritdoc/>
    public string Name => _configuration.Name;

    /// <inheritdoc/>
    public TimeSpan Timeout => _configuration.Timeout;

    /// <summary>Builds it when needed, sets its environment, loads and binds it.</summary>
    /// <param name="configuration">The function.</param>
    /// <param name="warn">Receives warnings about late calls; log lines go nowhere, since a terminal is slower than AWS's log.</param>
    /// <param name="progress">Receives lines while it is built.</param>
    /// <param name="cancellation">Ends a running build.</param>
    /// <exception cref="FunctionLoadException">It cannot be built, loaded or bound; the message says why.</exception>
    public static async Task<LoadedFunction> LoadAsync(FunctionConfiguration configuration, Action<string> warn, Action<string>? progress, CancellationToken cancellation)
    {
        var catalog = new FunctionCatalog(TimeProvider.System, new FunctionListener { Warning = warn }, progress: progress);
        try
        {
            return new LoadedFunction(catalog, await catalog.GetAsync(configuration, FunctionConfiguration.Latest, cancellation), configuration);
        }
        catch
        {
            await catalog.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public MeasuredCall OpenLane() => CallOf(_function);

    /// <inheritdoc/>
    public async Task<MeasuredCall?> OpenColdLaneAsync(CancellationToken cancellation)
    {
        if (await _catalog.GetAnewAsync(_configuration, cancellation) is not { } cold)
            return null;
        _cold.Add(cold);
        return CallOf(cold);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IFunction cold in _cold)
            await cold.DisposeAsync();
        await _catalog.DisposeAsync();
    }

    private MeasuredCall CallOf(IFunction function)
    {
        IFunctionLane lane = function.OpenLane();
        string arn = _configuration.Arn;
        return (eventJson, abandon) => lane.InvokeAsync(eventJson, new FunctionInvocation(Guid.NewGuid(), arn), abandon);
    }
}
