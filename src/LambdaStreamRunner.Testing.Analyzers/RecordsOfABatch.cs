using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace LambdaStreamRunner.Testing.Analyzers;

/// <summary>Recognises the records of one batch among the collections of a handler.</summary>
/// <remarks>
/// Records of Kinesis are known by their type, wherever they are. Anything else is followed back to the event that a handler was given,
/// through members, calls and locals. Groups are not records, nor is what is made of each group, or the first of each key: that is how keys
/// run side by side and keep their order.
/// </remarks>
internal sealed class RecordsOfABatch(HandlerCode code)
{
    // A chain of calls over records is short; the limit ends a local that is made from itself.
    private const int StepsMax = 32;

    /// <summary>Whether an operation is a collection of records of one batch.</summary>
    public bool Are(IOperation collection)
    {
        ITypeSymbol? element = ElementOf(Unwrapped(collection).Type);
        if (element is null or { Name: "IGrouping" } || Tasks.IsTask(element) || HasOneOfEachKey(collection, StepsMax))
            return false;

        return code.IsRecord(element) || ComeFromTheEvent(collection, StepsMax);
    }

    /// <summary>The operation below conversions, awaits and parentheses.</summary>
    public static IOperation Unwrapped(IOperation operation) => operation switch
    {
        IConversionOperation conversion => Unwrapped(conversion.Operand),
        IParenthesizedOperation parenthesized => Unwrapped(parenthesized.Operand),
        IDelegateCreationOperation creation => Unwrapped(creation.Target),
        IArgumentOperation argument => Unwrapped(argument.Value),
        _ => operation,
    };

    /// <summary>What a local was declared with; other operations are what they are.</summary>
    public static IOperation Resolved(IOperation operation)
    {
        operation = Unwrapped(operation);
        if (operation is not ILocalReferenceOperation { Local.DeclaringSyntaxReferences: [{ } reference], SemanticModel: { } model })
            return operation;

        return reference.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: { } value } && model.GetOperation(value) is { } initial
            ? Unwrapped(initial)
            : operation;
    }

    // What was gathered by key stays so, until it is flattened again. Keys themselves may be told apart, records may not: all are distinct.
    private bool HasOneOfEachKey(IOperation operation, int stepsLeft)
    {
        if (stepsLeft == 0)
            return false;

        IOperation resolved = Resolved(operation);
        return resolved switch
        {
            IInvocationOperation { TargetMethod.Name: "GroupBy" or "ToLookup" or "ToDictionary" or "DistinctBy" or "CountBy" or "AggregateBy" } => true,
            IInvocationOperation { TargetMethod.Name: "Distinct" or "ToHashSet" } distinct when !code.IsRecord(ElementOf(distinct.Type)) => true,
            IInvocationOperation { TargetMethod.Name: "SelectMany" } => false,
            IMemberReferenceOperation { Instance: { } instance } => HasOneOfEachKey(instance, stepsLeft - 1),
            IInvocationOperation { Instance: { } instance } => HasOneOfEachKey(instance, stepsLeft - 1),
            IInvocationOperation { TargetMethod.IsExtensionMethod: true, Arguments: var arguments } when arguments.Any() => HasOneOfEachKey(arguments[0], stepsLeft - 1),
            _ => false,
        };
    }

    private bool ComeFromTheEvent(IOperation operation, int stepsLeft)
    {
        if (stepsLeft == 0)
            return false;

        IOperation resolved = Resolved(operation);
        return resolved switch
        {
            IParameterReferenceOperation { Parameter: { Ordinal: 0, ContainingSymbol: IMethodSymbol method } } => code.IsHandler(method),
            IMemberReferenceOperation { Instance: { } instance } => ComeFromTheEvent(instance, stepsLeft - 1),
            IInvocationOperation { Instance: { } instance } => ComeFromTheEvent(instance, stepsLeft - 1),
            IInvocationOperation { TargetMethod.IsExtensionMethod: true, Arguments: var arguments } when arguments.Any() => ComeFromTheEvent(arguments[0], stepsLeft - 1),
            _ => false,
        };
    }

    private static ITypeSymbol? ElementOf(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        { SpecialType: SpecialType.System_String } => null,
        INamedTypeSymbol named when IsSequence(named) => named.TypeArguments[0],
        { } other => (other.AllInterfaces.FirstOrDefault(IsSequence) ?? other.AllInterfaces.FirstOrDefault(IsParallelSequence))?.TypeArguments[0],
        null => null,
    };

    private static bool IsSequence(INamedTypeSymbol type) => type.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_IEnumerable_T || IsParallelSequence(type);

    private static bool IsParallelSequence(INamedTypeSymbol type) => type is { Name: "IAsyncEnumerable" or "ParallelQuery", TypeArguments.Length: 1 };
}
