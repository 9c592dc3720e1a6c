using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Invoking;

/// <summary>The functions of a runner, built, loaded and bound.</summary>
/// <param name="time">Real time: it governs Timeout and remaining time.</param>
/// <param name="listener">Receives what functions log.</param>
public sealed class FunctionCatalog(TimeProvider time, FunctionListener listener)
{
    private readonly Dictionary<string, InProcessFunction> _functions = new(StringComparer.Ordinal);

    /// <summary>A function that was added.</summary>
    public InProcessFunction this[string name] => _functions[name];

    /// <summary>Adds a function.</summary>
    public void Add(FunctionConfiguration function, BoundFunction handler) =>
        _functions.Add(function.Name, new InProcessFunction(handler, SettingsOf(function), time, listener));

    /// <summary>Sets the variables of functions, before the first of them is loaded.</summary>
    public static void SetEnvironment(IEnumerable<FunctionConfiguration> functions)
    {
        foreach ((string name, string value) in functions.SelectMany(function => function.EnvironmentVariables))
            Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>Builds a function when needed, loads it, and binds its handler.</summary>
    /// <param name="function">The function.</param>
    /// <param name="progress">Receives a line when something is built or waited for.</param>
    /// <param name="stopping">Ends a running build.</param>
    /// <exception cref="FunctionLoadException">It cannot be built, loaded or bound; the message says why.</exception>
    public static async Task<BoundFunction> LoadAsync(FunctionConfiguration function, Action<string>? progress, CancellationToken stopping)
    {
        HandlerName handler = HandlerName.Parse(function.Handler);
        string assembly = await FunctionCode.LocateAsync(function.CodeUri, handler, new FunctionBuild { Progress = progress }, stopping);
        return HandlerBinder.Bind(assembly, handler);
    }

    private FunctionSettings SettingsOf(FunctionConfiguration function) => new()
    {
        FunctionName = function.Name,
        Timeout = function.Timeout,
        MemorySize = function.MemorySizeMegabytes,
        LogStreamName = FunctionSettings.LogStreamNameOf("$LATEST", time.GetUtcNow(), Guid.NewGuid()),
    };
}
