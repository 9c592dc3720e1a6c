using System.Collections.Concurrent;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Functions.Loading;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Debugging;
using LambdaStreamRunner.Runner.Environments;
using LambdaStreamRunner.Runner.Environments.Runtimes;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Invoking.Remote;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.Runner.Watching;

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
    private readonly ConcurrentDictionary<string, LoadedCode> _code = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, WatchedCode> _watched = new(StringComparer.Ordinal);
    private readonly List<Task> _ending = [];                 // code that was replaced, and has invocations left
    private readonly Dictionary<(string Name, string Version), ReplaceableFunction> _functions = [];
    private IReadOnlyDictionary<string, string> _reserved = new Dictionary<string, string>();
    private int _inProcessCount;
    private readonly ConcurrentDictionary<string, EnvironmentCounts> _environments = new(StringComparer.Ordinal);
    private EnvironmentHost? _host;                           // with the first function that runs in processes

    /// <summary>True: how sources were when functions were made of them is kept in mind.</summary>
    /// <value>false by default, since looking at many files costs something.</value>
    public bool IsWatched { get; init; }

    /// <summary>The function that a debugger shall be attached to; none by default.</summary>
    public FunctionDebugging? Debugging { get; init; }

    /// <summary>The functions whose sources can be looked at: those whose code is here, but for the one that is debugged.</summary>
    internal IEnumerable<WatchedCode> Watched => _watched.Values;

    /// <summary>Builds functions when needed, one after the other; sets the environment of those of this process; then loads and binds them.</summary>
    /// <param name="functions">The functions; those that are there already are passed over.</param>
    /// <param name="stopping">Ends a running build.</param>
    /// <exception cref="FunctionLoadException">One cannot be built, loaded or bound; the message says why.</exception>
    public async Task LoadAsync(IReadOnlyCollection<FunctionConfiguration> functions, CancellationToken stopping)
    {
        await _loading.WaitAsync(stopping);
        try
        {
            FunctionConfiguration[] absent = [.. functions.Where(function => !_code.ContainsKey(function.Name))];
            Dictionary<string, SourceWatch> sources = absent.Where(IsToBeWatched).ToDictionary(function => function.Name, SourceWatch.Begin);
            foreach (FunctionConfiguration function in absent.Where(function => function.Hosting is not FunctionHosting.InProcess))
                _code[function.Name] = await OutsideAsync(function, stopping);
            FunctionConfiguration[] inProcess = [.. absent.Where(function => function.Hosting is FunctionHosting.InProcess)];
            if (inProcess.Length > 0)
                await LoadInProcessAsync(inProcess, stopping);
            foreach ((string name, SourceWatch watch) in sources)
                _watched[name] = watch.End();
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Builds and loads a function, and when it runs in processes, starts an environment of it and ends that: its code is loaded as before a first invocation, and nothing is invoked.</summary>
    /// <param name="function">The function.</param>
    /// <param name="stopping">Ends a running build, or the start.</param>
    /// <exception cref="FunctionLoadException">It cannot be built, loaded, bound or started; the message says why.</exception>
    public async Task TryAsync(FunctionConfiguration function, CancellationToken stopping)
    {
        await LoadAsync([function], stopping);
        if (function.Hosting is not FunctionHosting.Process)
            return;
        await using IFunction made = _code[function.Name].Make(SettingsOf(function, FunctionConfiguration.Latest));
        await WarmUpAsync([made], stopping);
    }

    /// <summary>Builds and loads a function anew, and lets it take the place of the one that is there: what is in flight ends on the old code, what comes next runs on the new.</summary>
    /// <param name="function">A function that is there.</param>
    /// <param name="stopping">Ends a running build.</param>
    /// <exception cref="FunctionLoadException">It cannot be built, loaded, bound or started; the message says why. The old code stays.</exception>
    public async Task ReplaceAsync(FunctionConfiguration function, CancellationToken stopping)
    {
        await _loading.WaitAsync(stopping);
        try
        {
            SourceWatch? watch = IsToBeWatched(function) ? SourceWatch.Begin(function) : null;
            LoadedCode code = function.Hosting is FunctionHosting.InProcess ? await LoadAgainAsync(function, stopping) : await OutsideAsync(function, stopping);
            (ReplaceableFunction Old, IFunction New)[] pairs =
                [.. _functions.Where(known => known.Key.Name == function.Name).Select(known => (known.Value, code.Make(SettingsOf(function, known.Key.Version))))];
            await WarmUpAsync(pairs.Select(pair => pair.New), stopping);
            _code[function.Name] = code;
            if (watch is not null)
                _watched[function.Name] = watch.End();
            _ending.RemoveAll(ending => ending.IsCompletedSuccessfully);
            _ending.AddRange(pairs.Select(pair => pair.Old.ReplaceAsync(pair.New)));
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
            if (IsDebugged(function))
                version = FunctionConfiguration.Latest;       // all versions share the one environment
            if (!_functions.TryGetValue((function.Name, version), out ReplaceableFunction? found))
            {
                found = new ReplaceableFunction(_code[function.Name].Make(SettingsOf(function, version)));
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
        return _code[function.Name].MakeAnew?.Invoke(SettingsOf(function, FunctionConfiguration.Latest));
    }

    /// <summary>What became of the environments of each function that runs in processes, by its name.</summary>
    internal IEnumerable<EnvironmentSummary> Environments =>
        _environments.OrderBy(function => function.Key, StringComparer.Ordinal).Select(function => function.Value.Summarize() with { Name = function.Key });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => OrderlyEnd.OfAsync(
        async () => await Task.WhenAll(_functions.Values.Select(function => function.DisposeAsync().AsTask())),
        async () => await Task.WhenAll(_ending),
        OrderlyEnd.Of(_host),                                 // after those whose environments it serves
        OrderlyEnd.Of(_loading));

    /// <summary>True for a function whose one environment waits for a debugger.</summary>
    internal bool IsDebugged(FunctionConfiguration function) => Debugging?.HoldsEnvironmentOf(function) is true;

    /// <summary>Why the sources of a function are not looked at; null when they are.</summary>
    internal string? WhyNotWatched(FunctionConfiguration function) => SourceWatch.WhyNot(function, HandlerOf(function) is not null, function.Name == Debugging?.FunctionName);

    private bool IsToBeWatched(FunctionConfiguration function) => IsWatched && WhyNotWatched(function) is null;

    private async Task<LoadedCode> OutsideAsync(FunctionConfiguration function, CancellationToken stopping)
    {
        if (function.Hosting is FunctionHosting.Remote)
        {
            progress?.Invoke($"Function '{function.Name}' runs outside of this process: it is invoked at {function.Endpoint}.");
            return new LoadedCode(settings => new RemoteFunction(function, settings, time, listener));   // as warm as it is there, so never anew
        }
        bool isDebugged = IsDebugged(function);
        EnvironmentPlan plan = await EnvironmentPlans.OfAsync(function, isDebugged ? Build with { Configuration = "Debug" } : Build, isDebugged ? Debugging!.Port : null, stopping);
        if (isDebugged && plan.Debugger is null)
            throw new FunctionLoadException($"Function '{function.Name}' cannot be debugged so: {plan.NoDebugger}");
        foreach (string notice in plan.Notices)
            progress?.Invoke(notice);
        EnvironmentHost host = _host ??= await EnvironmentHost.OpenAsync(listener, time, stopping);
        EnvironmentCounts counts = _environments.GetOrAdd(function.Name, _ => new EnvironmentCounts());
        string region = function.Arn.Split(':')[3];
        bool HasChanged() => _watched.TryGetValue(function.Name, out WatchedCode? watched) && watched.HasChanged;
        ProcessFunction Make(FunctionSettings settings) =>
            new(new EnvironmentBlueprint(plan, settings, region) { IsDebugged = isDebugged, HasChangedSinceLoaded = HasChanged }, host, counts);
        return new LoadedCode(Make) { MakeAnew = Make };
    }

    private static async Task WarmUpAsync(IEnumerable<IFunction> made, CancellationToken stopping)
    {
        ProcessFunction[] cold = [.. made.OfType<ProcessFunction>()];
        try
        {
            foreach (ProcessFunction function in cold)
                await function.WarmUpAsync(stopping);
        }
        catch
        {
            foreach (ProcessFunction function in cold)
                await function.DisposeAsync();
            throw;
        }
    }

    private async Task LoadInProcessAsync(FunctionConfiguration[] functions, CancellationToken stopping)
    {
        if (functions.FirstOrDefault(function => function.Name == Debugging?.FunctionName) is { } debugged)
            await new DebuggerWait(time).UntilAttachedAsync(debugged.Name, listener.Warning, stopping);
        Dictionary<FunctionConfiguration, string> assemblies = [];
        foreach (FunctionConfiguration function in functions.Where(function => HandlerOf(function) is null))
            assemblies.Add(function, await LocateAsync(function, stopping));
        SetEnvironment(functions, assemblies);
        foreach (FunctionConfiguration function in functions)
        {
            _code[function.Name] = HandlerOf(function) is { } handler ? Loaded(HandlerBinder.Bind(handler)) : Loaded(assemblies[function], function);
            _inProcessCount++;
        }
    }

    // A lone function finds itself in the process' environment: the new code its new folder, and what fails to load changes nothing.
    private async Task<LoadedCode> LoadAgainAsync(FunctionConfiguration function, CancellationToken stopping)
    {
        string assembly = await LocateAsync(function, stopping);
        if (_reserved.Count == 0)
            return Loaded(assembly, function);
        IReadOnlyDictionary<string, string> reserved = ReservedFor(function, assembly);
        FunctionEnvironment.Set(reserved);
        try
        {
            LoadedCode code = Loaded(assembly, function);
            _reserved = reserved;
            return code;
        }
        catch
        {
            FunctionEnvironment.Set(_reserved);
            throw;
        }
    }

    private LoadedCode Loaded(string assembly, FunctionConfiguration function)
    {
        var name = HandlerName.Parse(function.Handler);
        return Loaded(HandlerBinder.Bind(assembly, name)) with { MakeAnew = settings => InProcess(HandlerBinder.Bind(assembly, name), settings) };
    }

    private LoadedCode Loaded(BoundFunction bound) => new(settings => InProcess(bound, settings));

    // Variables have been set by now.
    private InProcessFunction InProcess(BoundFunction bound, FunctionSettings settings) => new(bound, settings, time, listener.LoggingFrom(FunctionEnvironment.LogLevel));

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
            _reserved = ReservedFor(only, assembly);
            FunctionEnvironment.Set(_reserved);
        }
        else
        {
            FunctionEnvironment.Remove(_reserved.Keys);       // a second function comes: it must not take them for its own
            _reserved = new Dictionary<string, string>();
        }
        FunctionEnvironment.Set(functions.SelectMany(function => function.EnvironmentVariables));
    }

    private IReadOnlyDictionary<string, string> ReservedFor(FunctionConfiguration function, string assembly) =>
        FunctionEnvironment.ReservedFor(SettingsOf(function, FunctionConfiguration.Latest), HandlerName.Parse(function.Handler), assembly);

    private FunctionSettings SettingsOf(FunctionConfiguration function, string version) => new()
    {
        FunctionName = function.Name,
        FunctionVersion = version,
        Timeout = function.Timeout,
        MemorySize = function.MemorySizeMegabytes,
        LogStreamName = FunctionSettings.LogStreamNameOf(version, time.GetUtcNow(), Guid.NewGuid()),
    };
}
