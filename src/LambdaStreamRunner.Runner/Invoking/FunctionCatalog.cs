using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Functions.Loading;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Invoking;

/// <summary>The functions of a runner, built, loaded and bound: those that mappings need when it starts, the others when somebody asks for them.</summary>
/// <param name="time">Real time: it governs Timeout and remaining time.</param>
/// <param name="listener">Receives what functions log.</param>
/// <param name="handlers">Handlers that are delegates of this process, by function name: nothing is built for them.</param>
/// <param name="progress">Receives a line when something is built or waited for.</param>
public sealed class FunctionCatalog(
    TimeProvider time, FunctionListener listener, IReadOnlyDictionary<string, Delegate>? handlers = null, Action<string>? progress = null) : IDisposable
{
    private readonly SemaphoreSlim _loading = new(1);         // one build at a time
    private readonly Dictionary<string, BoundFunction> _bound = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, string Version), InProcessFunction> _functions = [];
    private IReadOnlyDictionary<string, string> _reserved = new Dictionary<string, string>();

    /// <summary>Builds functions when needed, one after the other; sets their environment; then loads and binds them.</summary>
    /// <param name="functions">The functions; those that are there already are passed over.</param>
    /// <param name="stopping">Ends a running build.</param>
    /// <exception cref="FunctionLoadException">One cannot be built, loaded or bound; the message says why.</exception>
    public async Task LoadAsync(IReadOnlyCollection<FunctionConfiguration> functions, CancellationToken stopping)
    {
        await _loading.WaitAsync(stopping);
        try
        {
            FunctionConfiguration[] absent = [.. functions.Where(function => !_bound.ContainsKey(function.Name))];
            if (absent.Length > 0)
                await LoadAbsentAsync(absent, stopping);
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>A version of a function, built and loaded now if it was not before. All versions are the same code.</summary>
    /// <param name="function">The function.</param>
    /// <param name="version">What the function is told as its version.</param>
    /// <param name="stopping">Ends a running build.</param>
    /// <exception cref="FunctionLoadException">It cannot be built, loaded or bound; the message says why.</exception>
    public async Task<InProcessFunction> GetAsync(FunctionConfiguration function, string version, CancellationToken stopping)
    {
        await LoadAsync([function], stopping);
        await _loading.WaitAsync(stopping);
        try
        {
            if (!_functions.TryGetValue((function.Name, version), out InProcessFunction? found))
            {
                found = new InProcessFunction(_bound[function.Name], SettingsOf(function, version), time, listener);
                _functions.Add((function.Name, version), found);
            }
            return found;
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _loading.Dispose();

    private async Task LoadAbsentAsync(FunctionConfiguration[] functions, CancellationToken stopping)
    {
        Dictionary<FunctionConfiguration, string> assemblies = [];
        foreach (FunctionConfiguration function in functions.Where(function => HandlerOf(function) is null))
            assemblies.Add(function, await LocateAsync(function, stopping));
        SetEnvironment(functions, assemblies);
        foreach (FunctionConfiguration function in functions)
        {
            _bound.Add(function.Name, HandlerOf(function) is { } handler
                ? HandlerBinder.Bind(handler)
                : HandlerBinder.Bind(assemblies[function], HandlerName.Parse(function.Handler)));
        }
    }

    private Delegate? HandlerOf(FunctionConfiguration function) => handlers?.GetValueOrDefault(function.Name);

    private async Task<string> LocateAsync(FunctionConfiguration function, CancellationToken stopping) =>
        await FunctionCode.LocateAsync(function.CodeUri, HandlerName.Parse(function.Handler), new FunctionBuild { Progress = progress }, stopping);

    // The process has one environment: what Lambda tells a function about itself can be there for a single function only.
    private void SetEnvironment(FunctionConfiguration[] functions, Dictionary<FunctionConfiguration, string> assemblies)
    {
        if (_bound.Count == 0 && functions.Length == 1 && assemblies.Count == 1)
        {
            (FunctionConfiguration only, string assembly) = assemblies.Single();
            _reserved = FunctionEnvironment.ReservedFor(SettingsOf(only, FunctionConfiguration.Latest), HandlerName.Parse(only.Handler), assembly);
            FunctionEnvironment.Set(_reserved);
        }
        else
        {
            FunctionEnvironment.Remove(_reserved.Keys);       // a second function comes: it must not take them for its own
            _reserved = new Dictionary<string, string>();
        }
        FunctionEnvironment.Set(functions.SelectMany(function => function.EnvironmentVariables));
    }

    private FunctionSettings SettingsOf(FunctionConfiguration function, string version) => new()
    {
        FunctionName = function.Name,
        FunctionVersion = version,
        Timeout = function.Timeout,
        MemorySize = function.MemorySizeMegabytes,
        LogStreamName = FunctionSettings.LogStreamNameOf(version, time.GetUtcNow(), Guid.NewGuid()),
    };
}
