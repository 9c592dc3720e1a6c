using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace LambdaStreamRunner.Testing.Analyzers;

/// <summary>LSR0002: a handler's code waits in real time.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WaitAnalyzer : HandlerAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.WaitWithoutClock];

    private protected override void Register(CompilationStartAnalysisContext start, HandlerCode code) =>
        start.RegisterOperationAction(context => OnCall(context, code), OperationKind.Invocation, OperationKind.ObjectCreation);

    private static void OnCall(OperationAnalysisContext context, HandlerCode code)
    {
        (IMethodSymbol? method, ImmutableArray<IArgumentOperation> arguments) = context.Operation switch
        {
            IInvocationOperation call => (call.TargetMethod, call.Arguments),
            IObjectCreationOperation created => (created.Constructor, created.Arguments),
            _ => (null, []),
        };
        if (method is null || !Waits.IsWait(method) || Waits.TakesClock(method) || arguments.Any(IsNoTime) || arguments.Any(IsTheDeadline) || !code.Contains(context.Operation, context.ContainingSymbol))
            return;

        string name = method.MethodKind is MethodKind.Constructor ? $"new {method.ContainingType.Name}" : $"{method.ContainingType.Name}.{method.Name}";
        context.ReportDiagnostic(Diagnostic.Create(Rules.WaitWithoutClock, context.Operation.Syntax.GetLocation(), name));
    }

    // A token for what Lambda itself leaves of the invocation's time: it guards the real deadline, and does not make a test wait.
    private static bool IsTheDeadline(IArgumentOperation argument) =>
        argument.Parent is IObjectCreationOperation { Type.Name: "CancellationTokenSource" }
        && RecordsOfABatch.Resolved(argument.Value).DescendantsAndSelf().Any(part => part is IPropertyReferenceOperation { Property: { Name: "RemainingTime", ContainingType.Name: "ILambdaContext" } });

    // No wait at all, or one that only its token ends: no clock is looked at. A timer that is made with these is set later.
    private static bool IsNoTime(IArgumentOperation argument) =>
        argument.Parent is not IObjectCreationOperation { Type.Name: "Timer" } && argument.Value switch
        {
            { ConstantValue: { HasValue: true, Value: 0 or -1 } } => true,
            IFieldReferenceOperation { Field: { Name: "Zero", ContainingType.Name: "TimeSpan" } } => true,
            IFieldReferenceOperation { Field: { Name: "InfiniteTimeSpan", ContainingType.Name: "Timeout" } } => true,
            _ => false,
        };
}
