using System.Collections.Concurrent;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Functions.Loading;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Environments;
using LambdaStreamRunner.Runner.Environments.Runtimes;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.Runner.Invoking.Remote;

namespace LambdaStreamRunner.Runner.Invoking;

/// <summary>The functions of a runner, made ready wherever they run: those that mappings need when it starts, the others when somebody asks for them.</summary>
/// <param name="time">Real time: it governs Timeout and remaining time.</param>
/// <param name="listener">Receives what functions log.</param>
/// <param name="handlers">Handlers that are delegates of this process, by function name: nothing is built for them.</param>
/// <param name="progress">Receives a line when something is built or waited for, and about what will be contacted.</param>
public sealed class FunctionCatalog(
    TimeProvider time, FunctionListener listener, IReadOnlyDictionary<string, Delegate>? handlers = null, Action<string>? progress = null) : IAsyncDisposable
{
    private readonly SemaphoreSlim _loading = new(1);         // one build at a time
    private readonly Dictionary<string, Func<FunctionSettings, IFunction>> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<FunctionSettings, IFunction>> _makersAnew = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, string Version), ReplaceableFunction> _functions = [];
    private IReadOnlyDictionary<string, string> _reserved = new Dictionary<string, string>();
    private int _inProcessCount;
    private readonly ConcurrentDictionary<string, EnvironmentCounts> _environments = new(StringComparer.Ordinal);
    private EnvironmentHost? _host;                           // with the first function that runs in processes

    /// <summary>Builds functions when needed, one after the other; sets the environment of those of this process; then loads and binds them.</summary>
    /// <param name="functions">The functions; those that are there already are passed over.</param>
    /// <param name="stopping">Ends a running build.</param>
    /// <exception cref="FunctionLoadException">One cannot be built, loaded or bound; the message says why.</exception>
    public async Task LoadAsync(IReadOnlyCollection<FunctionConfiguration> functions, CancellationToken stopping)
    {
        await _loading.WaitAsync(stopping);
        try
        {
            FunctionConfiguration[] absent = [.. functions.Where(function => !_makers.ContainsKey(function.Name))];
            foreach (FunctionConfiguration function in absent.Where(function => function.Hosting is not FunctionHosting.InProcess))
            {
                _makers[function.Name] = await OutsideAsync(function, stopping);
                if (function.Hosting is FunctionHosting.Process)   // one that runs elsewhere is as warm as it is there
                    _makersAnew[function.Name] = _makers[function.Name];
            }
            FunctionConfiguration[] inProcess = [.. absent.Where(function => function.Hosting is FunctionHosting.InProcess)];
            if (inProcess.Length > 0)
                await LoadInProcessAsync(inProcess, stopping);
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
    public async Task<IFunction> GetAsync(FunctionConfiguration function, string version, CancellationToken stopping)
    {
        await LoadAsync([function], stopping);
        await _loading.WaitAsync(stopping);
        try
        {
            if (!_functions.TryGetValue((function.Name, version), out ReplaceableFunction? found))
            {
                found = new ReplaceableFunction(_makers[function.Name](SettingsOf(function, version)));
                _functions.Add((function.Name, version), found);
            }
            return found;
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>A function once more, beside the one that is there and as cold as after a start; null when it cannot be loaded twice. The caller disposes of it.</summary>
    /// <param name="function">The function.</param>
    /// <param name="stopping">Ends a running build.</param>
    /// <exception cref="FunctionLoadException">It cannot be built, loaded or bound; the message says why.</exception>
    public async Task<IFunction?> GetAnewAsync(FunctionConfiguration function, CancellationToken stopping)
    {
        await LoadAsync([function], stopping);
        return _makersAnew.TryGetValue(function.Name, out Func<FunctionSettings, IFunction>? make) ? make(SettingsOf(function, FunctionConfiguration.Latest)) : null;
    }

    /// <summary>What became of the environments of each function that runs in processes, by its name.</summary>
    internal IEnumerable<EnvironmentSummary> Environments =>
        _environments.OrderBy(function => function.Key, StringComparer.Ordinal).Select(function => function.Value.Summarize() with { Name = function.Key });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_functions.Values.Select(function => function.DisposeAsync().AsTask()));
        if (_host is not null)
            await _host.DisposeAsync();
        _loading.Dispose();
    }

    private async Task<Func<FunctionSettings, IFunction>> OutsideAsync(FunctionConfiguration function, CancellationToken stopping)
    {
        if (function.Hosting is FunctionHosting.Remote)
        {
            progress?.Invoke($"Function '{function.Name}' runs outside of this process: it is invoked at {function.Endpoint}.");
            return settings => new RemoteFunction(function, settings, time, listener);
        }
        EnvironmentPlan plan = await EnvironmentPlans.OfAsync(function, Build, stopping);
        foreach (string notice in plan.Notices)
            progress?.Invoke(notice);
        EnvironmentHost host = _host ??= await EnvironmentHost.OpenAsync(listener, time, stopping);
        EnvironmentCounts counts = _environments.GetOrAdd(function.Name, _ => new EnvironmentCounts());
        string region = function.Arn.Split(':')[3];
        return settings => new ProcessFunction(new EnvironmentBlueprint(plan, settings, region), host, counts);
    }

    private async Task LoadInProcessAsync(FunctionConfiguration[] functions, CancellationToken stopping)
    {
        Dictionary<FunctionConfiguration, string> assemblies = [];
        foreach (FunctionConfiguration function in functions.Where(function => HandlerOf(function) is null))
            assemblies.Add(function, await LocateAsync(function, stopping));
        SetEnvironment(functions, assemblies);
        foreach (FunctionConfiguration function in functions)
        {
            if (HandlerOf(function) is { } handler)
            {
                Add(function, HandlerBinder.Bind(handler));
                continue;
            }
            (string assembly, HandlerName name) = (assemblies[function], HandlerName.Parse(function.Handler));
            Add(function, HandlerBinder.Bind(assembly, name));
            _makersAnew.Add(function.Name, settings => new InProcessFunction(HandlerBinder.Bind(assembly, name), settings, time, listener));
        }
    }

    private void Add(FunctionConfiguration function, BoundFunction bound)
    {
        _makers.Add(function.Name, settings => new InProcessFunction(bound, settings, time, listener));
        _inProcessCount++;
    }

    private FunctionBuild Build => new() { Progress = progress };

    private Delegate? HandlerOf(FunctionConfiguration function) => handlers?.GetValueOrDefault(function.Name);

    private async Task<string> LocateAsync(FunctionConfiguration function, CancellationToken stopping) =>
        await FunctionCode.LocateAsync(function.CodeUri, HandlerName.Parse(function.Handler), Build, stopping);

    // The process has one environment: what Lambda tells a function about itself can be there for a single function only.
    private void SetEnvironment(FunctionConfiguration[] functions, Dictionary<FunctionConfiguration, string> assemblies)
    {
        if (_inProcessCount == 0 && functions.Length == 1 && assemblies.Count == 1)
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
