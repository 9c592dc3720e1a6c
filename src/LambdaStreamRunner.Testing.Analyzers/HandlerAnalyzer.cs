using Microsoft.CodeAnalysis.Diagnostics;

namespace LambdaStreamRunner.Testing.Analyzers;

/// <summary>What all rules have in common: they look at code that people wrote, in projects that can hold a handler.</summary>
public abstract class HandlerAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (HandlerCode.Of(start.Compilation, start.CancellationToken) is { } code)
                Register(start, code);
        });
    }

    // In other projects a rule costs three look-ups of a type, and nothing more.
    private protected abstract void Register(CompilationStartAnalysisContext start, HandlerCode code);
}
