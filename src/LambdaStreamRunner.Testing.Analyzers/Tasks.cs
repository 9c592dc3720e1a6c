using Microsoft.CodeAnalysis;

namespace LambdaStreamRunner.Testing.Analyzers;

/// <summary>What counts as work that can be awaited.</summary>
internal static class Tasks
{
    /// <summary>Whether a type is a Task or ValueTask, with or without a result.</summary>
    public static bool IsTask(ITypeSymbol? type) =>
        type is { Name: "Task" or "ValueTask" } && type.ContainingNamespace?.ToDisplayString() == "System.Threading.Tasks";
}
