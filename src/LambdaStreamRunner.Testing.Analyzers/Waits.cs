using System.Linq;
using Microsoft.CodeAnalysis;

namespace LambdaStreamRunner.Testing.Analyzers;

/// <summary>The framework's ways to let time pass.</summary>
internal static class Waits
{
    /// <summary>Whether a method or constructor waits, or makes something that does, with or without a TimeProvider.</summary>
    public static bool IsWait(IMethodSymbol method) => (method.ContainingType.OriginalDefinition.ToDisplayString(), method.Name) switch
    {
        ("System.Threading.Tasks.Task", "Delay") => true,
        ("System.Threading.Tasks.Task" or "System.Threading.Tasks.Task<TResult>", "WaitAsync") => method.Parameters.Any(IsTimeSpan),
        ("System.Threading.Tasks.TimeProviderTaskExtensions", _) => true,
        ("System.Threading.Thread", "Sleep") => true,
        ("System.Threading.CancellationTokenSource", ".ctor") => method.Parameters.Length > 0,
        ("System.Threading.PeriodicTimer" or "System.Threading.Timer" or "System.Timers.Timer", ".ctor") => true,
        _ => false,
    };

    /// <summary>Whether a method or constructor is told which clock to wait on.</summary>
    public static bool TakesClock(IMethodSymbol method) => method.Parameters.Any(parameter => IsTimeProvider(parameter.Type));

    private static bool IsTimeSpan(IParameterSymbol parameter) => parameter.Type.ToDisplayString() == "System.TimeSpan";

    private static bool IsTimeProvider(ITypeSymbol type) => type.ToDisplayString() == "System.TimeProvider";
}
