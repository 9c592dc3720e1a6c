using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Invoking;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>A function of the configuration, loaded as <c>run</c> loads it.</summary>
internal sealed class LoadedFunction : IMeasuredFunction, IDisposable
{
    private readonly FunctionCatalog _catalog;
    private readonly InProcessFunction _function;
    private readonly FunctionConfiguration _configuration;
    private readonly FunctionListener _listener;
    private readonly string _assembly;

    private LoadedFunction(FunctionCatalog catalog, InProcessFunction function, FunctionConfiguration configuration, FunctionListener listener, string assembly) =>
        (_catalog, _function, _configuration, _listener, _assembly) = (catalog, function, configuration, listener, assembly);

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
        var listener = new FunctionListener { Warning = warn };
        var catalog = new FunctionCatalog(TimeProvider.System, listener, progress: progress);
        try
        {
            InProcessFunction function = await catalog.GetAsync(configuration, FunctionConfiguration.Latest, cancellation);
            string assembly = await FunctionCode.LocateAsync(configuration.CodeUri, HandlerName.Parse(configuration.Handler), new FunctionBuild(), cancellation);
            return new LoadedFunction(catalog, function, configuration, listener, assembly);
        }
        catch
        {
            catalog.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public MeasuredCall OpenLane() => CallOf(_function);

    /// <inheritdoc/>
    public MeasuredCall? OpenColdLane()
    {
        BoundFunction bound = HandlerBinder.Bind(_assembly, HandlerName.Parse(_configuration.Handler));
        return CallOf(new InProcessFunction(bound, _function.Settings, TimeProvider.System, _listener));
    }

    /// <inheritdoc/>
    public void Dispose() => _catalog.Dispose();

    private MeasuredCall CallOf(InProcessFunction function)
    {
        InProcessLane lane = function.OpenLane();
        string arn = _configuration.Arn;
        return (eventJson, abandon) => lane.InvokeAsync(eventJson, new FunctionInvocation(Guid.NewGuid(), arn), abandon);
    }
}
