using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace LambdaStreamRunner.Testing.Analyzers;

/// <summary>LSR0001: a handler's code asks the machine what time it is.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AmbientClockAnalyzer : HandlerAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.AmbientClock];

    private protected override void Register(CompilationStartAnalysisContext start, HandlerCode code)
    {
        start.RegisterOperationAction(context => OnProperty(context, code), OperationKind.PropertyReference);
        start.RegisterOperationAction(context => OnStopwatch(context, code), OperationKind.Invocation, OperationKind.ObjectCreation);
    }

    private static void OnProperty(OperationAnalysisContext context, HandlerCode code)
    {
        var reference = (IPropertyReferenceOperation)context.Operation;
        if (!IsClock(reference) || !code.Contains(reference, context.ContainingSymbol))
            return;

        string name = $"{reference.Property.ContainingType.Name}.{reference.Property.Name}";
        context.ReportDiagnostic(Diagnostic.Create(Rules.AmbientClock, reference.Syntax.GetLocation(), name));
    }

    private static bool IsClock(IPropertyReferenceOperation reference) => (reference.Property.ContainingType.ToDisplayString(), reference.Property.Name) switch
    {
        ("System.DateTime", "Now" or "UtcNow" or "Today") => true,
        ("System.DateTimeOffset", "Now" or "UtcNow") => true,
        ("System.Environment", "TickCount" or "TickCount64") => true,
        ("System.TimeProvider", "System") => IsAskedOrWaitedOn(reference),
        _ => false,
    };

    // Somewhere a function must choose the real clock, such as in the constructor that Lambda calls: choosing is fine, using is not.
    private static bool IsAskedOrWaitedOn(IPropertyReferenceOperation system) => system.Parent switch
    {
        IMemberReferenceOperation asked => asked.Instance == system,
        IInvocationOperation asked => asked.Instance == system,
        IArgumentOperation { Parent: IInvocationOperation call } => Waits.IsWait(call.TargetMethod),
        IArgumentOperation { Parent: IObjectCreationOperation { Constructor: { } constructor } } => Waits.IsWait(constructor),
        _ => false,
    };

    private static void OnStopwatch(OperationAnalysisContext context, HandlerCode code)
    {
        IMethodSymbol? method = context.Operation switch
        {
            IInvocationOperation { TargetMethod: { IsStatic: true } called } => called,
            IObjectCreationOperation created => created.Constructor,
            _ => null,
        };
        if (method is null || method.ContainingType.ToDisplayString() != "System.Diagnostics.Stopwatch" || !code.Contains(context.Operation, context.ContainingSymbol))
            return;

        string name = method.MethodKind is MethodKind.Constructor ? "new Stopwatch" : $"Stopwatch.{method.Name}";
        context.ReportDiagnostic(Diagnostic.Create(Rules.AmbientClock, context.Operation.Syntax.GetLocation(), name));
    }
}
