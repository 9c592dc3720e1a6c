using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LambdaStreamRunner.Testing.Analyzers;

/// <summary>LSR0005: a handler's type keeps state that another execution environment does not see.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StaticStateAnalyzer : HandlerAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.StaticState];

    private protected override void Register(CompilationStartAnalysisContext start, HandlerCode code) =>
        start.RegisterSymbolAction(context => OnType(context, code), SymbolKind.NamedType);

    // Only the handler's own type: static fields elsewhere are mostly tables and caches, and this is a hint, not a proof.
    private static void OnType(SymbolAnalysisContext context, HandlerCode code)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!code.IsHandlerType(type) || !code.ContainsMembersOf(type))
            return;

        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>().Where(IsState))
        {
            ISymbol declared = field.AssociatedSymbol ?? field;
            context.ReportDiagnostic(Diagnostic.Create(Rules.StaticState, declared.Locations[0], $"{type.Name}.{declared.Name}"));
        }
    }

    private static bool IsState(IFieldSymbol field) => field is { IsStatic: true, IsConst: false } && (!field.IsReadOnly || IsCollection(field.Type));

    private static bool IsCollection(ITypeSymbol type) => type is INamedTypeSymbol { IsGenericType: true } &&
        (type.ContainingNamespace.ToDisplayString(), type.Name) is
            ("System.Collections.Generic", "List" or "Dictionary" or "HashSet" or "Queue" or "Stack" or "LinkedList" or "PriorityQueue" or
                "SortedDictionary" or "SortedList" or "SortedSet" or "OrderedDictionary") or
            ("System.Collections.Concurrent", "ConcurrentDictionary" or "ConcurrentQueue" or "ConcurrentStack" or "ConcurrentBag" or "BlockingCollection");
}
