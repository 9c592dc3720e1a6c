using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Functions.Loading;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Invoking;

/// <summary>The functions of a runner, built, loaded and bound.</summary>
/// <param name="time">Real time: it governs Timeout and remaining time.</param>
/// <param name="listener">Receives what functions log.</param>
public sealed class FunctionCatalog(TimeProvider time, FunctionListener listener)
{
    private readonly Dictionary<string, InProcessFunction> _functions = new(StringComparer.Ordinal);

    /// <summary>A function that was loaded.</summary>
    public InProcessFunction this[string name] => _functions[name];

    /// <summary>Builds functions when needed, one after the other; sets their environment; then loads and binds them.</summary>
    /// <param name="functions">The functions.</param>
    /// <param name="handlers">Handlers that are delegates of this process, by function name: nothing is built for them.</param>
    /// <param name="progress">Receives a line when something is built or waited for.</param>
    /// <param name="stopping">Ends a running build.</param>
    /// <exception cref="FunctionLoadException">One cannot be built, loaded or bound; the message says why.</exception>
    public async Task LoadAsync(
        IReadOnlyCollection<FunctionConfiguration> functions, IReadOnlyDictionary<string, Delegate> handlers, Action<string>? progress, CancellationToken stopping)
    {
        Dictionary<FunctionConfiguration, string> assemblies = [];
        foreach (FunctionConfiguration function in functions.Where(function => !handlers.ContainsKey(function.Name)))
            assemblies.Add(function, await LocateAsync(function, progress, stopping));
        SetEnvironment(functions, assemblies);
        foreach (FunctionConfiguration function in functions)
        {
            BoundFunction bound = handlers.TryGetValue(function.Name, out Delegate? handler)
                ? HandlerBinder.Bind(handler)
                : HandlerBinder.Bind(assemblies[function], HandlerName.Parse(function.Handler));
            _functions.Add(function.Name, new InProcessFunction(bound, SettingsOf(function), time, listener));
        }
    }

    private static async Task<string> LocateAsync(FunctionConfiguration function, Action<string>? progress, CancellationToken stopping) =>
        await FunctionCode.LocateAsync(function.CodeUri, HandlerName.Parse(function.Handler), new FunctionBuild { Progress = progress }, stopping);

    // The process has one environment: what Lambda tells a function about itself can be there for a single function only.
    private void SetEnvironment(IReadOnlyCollection<FunctionConfiguration> functions, Dictionary<FunctionConfiguration, string> assemblies)
    {
        if (functions.Count == 1 && assemblies.Count == 1)
        {
            (FunctionConfiguration only, string assembly) = assemblies.Single();
            FunctionEnvironment.Set(FunctionEnvironment.ReservedFor(SettingsOf(only), HandlerName.Parse(only.Handler), assembly));
        }
        FunctionEnvironment.Set(functions.SelectMany(function => function.EnvironmentVariables));
    }

    private FunctionSettings SettingsOf(FunctionConfiguration function) => new()
    {
        FunctionName = function.Name,
        Timeout = function.Timeout,
        MemorySize = function.MemorySizeMegabytes,
        LogStreamName = FunctionSettings.LogStreamNameOf("$LATEST", time.GetUtcNow(), Guid.NewGuid()),
    };
}
