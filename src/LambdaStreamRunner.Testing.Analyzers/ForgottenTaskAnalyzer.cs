using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace LambdaStreamRunner.Testing.Analyzers;

/// <summary>LSR0003: a handler's code starts work that outlives the batch.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ForgottenTaskAnalyzer : HandlerAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ForgottenTask];

    private protected override void Register(CompilationStartAnalysisContext start, HandlerCode code)
    {
        start.RegisterOperationAction(context => OnStatement(context, code), OperationKind.ExpressionStatement);
        start.RegisterOperationAction(context => OnLambda(context, code), OperationKind.AnonymousFunction);
        start.RegisterOperationAction(context => OnLocalFunction(context, code), OperationKind.LocalFunction);
        start.RegisterSymbolAction(context => OnMethod(context, code), SymbolKind.Method);
    }

    private static void OnStatement(OperationAnalysisContext context, HandlerCode code)
    {
        IOperation work = WithoutDiscard(((IExpressionStatementOperation)context.Operation).Operation);
        if (!IsForgotten(work) || !code.Contains(work, context.ContainingSymbol))
            return;

        context.ReportDiagnostic(Diagnostic.Create(Rules.ForgottenTask, work.Syntax.GetLocation(), NameOf(work)));
    }

    private static IOperation WithoutDiscard(IOperation expression)
    {
        if (expression is ISimpleAssignmentOperation { Target: IDiscardOperation, Value: { } value })
            return value is IConversionOperation { IsImplicit: true } conversion ? conversion.Operand : value;

        return expression is IConditionalAccessOperation { WhenNotNull: IInvocationOperation called } ? called : expression;
    }

    private static bool IsForgotten(IOperation work) => work switch
    {
        IInvocationOperation { TargetMethod: { ContainingType.Name: "ThreadPool", Name: "QueueUserWorkItem" or "UnsafeQueueUserWorkItem" } } => true,
        IInvocationOperation or IPropertyReferenceOperation or IConditionalOperation => Tasks.IsTask(work.Type),
        _ => false,
    };

    private static string NameOf(IOperation work) =>
        work is IInvocationOperation call ? $"{call.TargetMethod.ContainingType.Name}.{call.TargetMethod.Name}".TrimStart('.') : work.Syntax.ToString();

    private static void OnLambda(OperationAnalysisContext context, HandlerCode code)
    {
        var lambda = (IAnonymousFunctionOperation)context.Operation;
        if (lambda.Symbol is { IsAsync: true, ReturnsVoid: true } && !IsEventHandler(lambda.Symbol) && code.Contains(lambda, context.ContainingSymbol))
            context.ReportDiagnostic(Diagnostic.Create(Rules.ForgottenTask, lambda.Syntax.GetLocation(), "async void lambda"));
    }

    private static void OnLocalFunction(OperationAnalysisContext context, HandlerCode code)
    {
        IMethodSymbol function = ((ILocalFunctionOperation)context.Operation).Symbol;
        if (function is { IsAsync: true, ReturnsVoid: true } && code.Contains(context.Operation, context.ContainingSymbol))
            context.ReportDiagnostic(Diagnostic.Create(Rules.ForgottenTask, function.Locations[0], $"async void {function.Name}"));
    }

    private static void OnMethod(SymbolAnalysisContext context, HandlerCode code)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (method is not { IsAsync: true, ReturnsVoid: true } || IsEventHandler(method) || !(code.IsHandler(method) || code.ContainsMembersOf(method.ContainingType)))
            return;

        context.ReportDiagnostic(Diagnostic.Create(Rules.ForgottenTask, method.Locations[0], $"async void {method.Name}"));
    }

    // void is the only type that the event of a library can have.
    private static bool IsEventHandler(IMethodSymbol method) =>
        method.Parameters is [{ Type.SpecialType: SpecialType.System_Object }, { Type: { } arguments }] && IsEventArgs(arguments);

    private static bool IsEventArgs(ITypeSymbol? type) => type is not null && (type.ToDisplayString() == "System.EventArgs" || IsEventArgs(type.BaseType));
}
