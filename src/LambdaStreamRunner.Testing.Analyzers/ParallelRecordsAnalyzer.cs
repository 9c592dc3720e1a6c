using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace LambdaStreamRunner.Testing.Analyzers;

/// <summary>LSR0004: a handler's code works on the records of a batch side by side, where those of one key may overtake each other.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ParallelRecordsAnalyzer : HandlerAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ParallelRecords];

    private protected override void Register(CompilationStartAnalysisContext start, HandlerCode code) =>
        start.RegisterOperationAction(context => OnCall(context, code), OperationKind.Invocation);

    private static void OnCall(OperationAnalysisContext context, HandlerCode code)
    {
        var call = (IInvocationOperation)context.Operation;
        if (!IsSideBySide(call, new RecordsOfABatch(code)) || !code.Contains(call, context.ContainingSymbol))
            return;

        string name = $"{call.TargetMethod.ContainingType.Name}.{call.TargetMethod.Name}";
        context.ReportDiagnostic(Diagnostic.Create(Rules.ParallelRecords, call.Syntax.GetLocation(), name));
    }

    private static bool IsSideBySide(IInvocationOperation call, RecordsOfABatch records) => (call.TargetMethod.ContainingType.Name, call.TargetMethod.Name) switch
    {
        ("Parallel", "ForEach" or "ForEachAsync") => records.Are(call.Arguments[0].Value),
        ("Parallel", "For" or "ForAsync") => CountsRecords(call.Arguments[1].Value, records),
        ("ParallelEnumerable", "AsParallel") => records.Are(call.Arguments[0].Value),
        ("Task", "WhenAll" or "WhenAny" or "WhenEach") => call.Arguments.Any(argument => StartsOnePerRecord(argument.Value, records)),
        (_, "Add") => CollectsOnePerRecord(call, records),
        _ => false,
    };

    private static bool CountsRecords(IOperation end, RecordsOfABatch records) =>
        RecordsOfABatch.Resolved(end) switch
        {
            IPropertyReferenceOperation { Property.Name: "Count" or "Length", Instance: { } instance } => records.Are(instance),
            IInvocationOperation { TargetMethod.Name: "Count", Arguments: [{ } counted] } => records.Are(counted.Value),
            _ => false,
        };

    // records.Select(HandleAsync), also when a list or an array is made of it, or a local stands between.
    private static bool StartsOnePerRecord(IOperation tasks, RecordsOfABatch records) => RecordsOfABatch.Resolved(tasks) switch
    {
        IInvocationOperation { TargetMethod.Name: "Select", Arguments: [{ } source, ..], Type: INamedTypeSymbol { TypeArguments: [{ } made] } } =>
            Tasks.IsTask(made) && records.Are(source.Value),
        IInvocationOperation { TargetMethod.Name: "ToList" or "ToArray" or "AsEnumerable", Arguments: [{ } source] } => StartsOnePerRecord(source.Value, records),
        ICollectionExpressionOperation { Elements: [ISpreadOperation { Operand: { } source }] } => StartsOnePerRecord(source, records),
        _ => false,
    };

    // foreach (record in records) tasks.Add(HandleAsync(record)): the loop has started all when the first is awaited.
    private static bool CollectsOnePerRecord(IInvocationOperation add, RecordsOfABatch records)
    {
        if (add.Arguments is not [{ Value: { } added }] || !Tasks.IsTask(added.Type) || RecordsOfABatch.Unwrapped(added) is not IInvocationOperation)
            return false;

        for (IOperation? outer = add.Parent; outer is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation); outer = outer.Parent)
        {
            if (outer is IForEachLoopOperation loop && records.Are(loop.Collection))
                return !EndsWithinTheTurn(add, loop);
        }
        return false;
    }

    // A list of the tasks of one record, or one whose tasks are awaited before the next record comes.
    private static bool EndsWithinTheTurn(IInvocationOperation add, IForEachLoopOperation loop)
    {
        if (add.Instance is not ILocalReferenceOperation { Local: { } list })
            return false;
        if (list.DeclaringSyntaxReferences.Any(declared => declared.SyntaxTree == loop.Syntax.SyntaxTree && loop.Syntax.Span.Contains(declared.Span)))
            return true;

        return loop.Body is IBlockOperation body && body.Operations.OfType<IExpressionStatementOperation>().Any(statement =>
            RecordsOfABatch.Unwrapped(statement.Operation) is IAwaitOperation { Operation: { } awaited }
            && awaited is not IInvocationOperation { TargetMethod.Name: "WhenAny" }
            && awaited.DescendantsAndSelf().OfType<ILocalReferenceOperation>().Any(used => SymbolEqualityComparer.Default.Equals(used.Local, list)));
    }
}
