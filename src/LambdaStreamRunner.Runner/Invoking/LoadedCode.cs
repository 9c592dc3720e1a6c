using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Invoking;

/// <summary>A function's code in the state in which it runs.</summary>
/// <param name="Make">Makes the function, for a version of it.</param>
internal sealed record LoadedCode(Func<FunctionSettings, IFunction> Make)
{
    /// <summary>Makes it as cold as after a start; null when it cannot be loaded twice.</summary>
    public Func<FunctionSettings, IFunction>? MakeAnew { get; init; }
}

/// <summary>A function whose sources are looked at.</summary>
/// <param name="Function">The function.</param>
/// <param name="Sources">Where its code comes from.</param>
/// <param name="BuiltFrom">How they were when the code that runs was made of them.</param>
internal sealed record WatchedCode(FunctionConfiguration Function, FunctionSources Sources, SourceState BuiltFrom)
{
    /// <summary>True when the sources are not as they were, or are just being moved.</summary>
    public bool HasChanged
    {
        get
        {
            try
            {
                return !BuiltFrom.ChangesTo(Sources.Look()).IsEmpty;
            }
            catch (Exception moving) when (moving is IOException or UnauthorizedAccessException)
            {
                return true;
            }
        }
    }
}
