using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LambdaStreamRunner.Testing.CodeFixes;

/// <summary>Finds a TimeProvider that code at some place can use.</summary>
internal static class ClockInScope
{
    /// <summary>The name of the nearest one: a parameter, a local, a field, a property; null when there is none.</summary>
    public static string? Find(SemanticModel model, SyntaxNode place, CancellationToken cancellation)
    {
        bool hasInstance = HasInstance(model, place, cancellation);
        IEnumerable<ISymbol> clocks = model.LookupSymbols(place.SpanStart)
            .Where(symbol => IsClock(symbol) && (hasInstance || !NeedsInstance(symbol, model, place, cancellation)) && IsDeclaredBefore(symbol, place));
        return clocks.OrderBy(Distance).ThenBy(symbol => symbol.Name, System.StringComparer.Ordinal).FirstOrDefault()?.Name;
    }

    /// <summary>Whether code at this place belongs to an object: not to a static member, and not to what is done before the object exists.</summary>
    public static bool HasInstance(SemanticModel model, SyntaxNode place, CancellationToken cancellation)
    {
        if (place.FirstAncestorOrSelf<ConstructorInitializerSyntax>() is not null)
            return false;

        for (ISymbol? symbol = model.GetEnclosingSymbol(place.SpanStart, cancellation); symbol is not (null or INamedTypeSymbol); symbol = symbol.ContainingSymbol)
        {
            if (symbol.IsStatic || symbol is IFieldSymbol or IPropertySymbol)
                return false;
        }
        return true;
    }

    private static bool IsClock(ISymbol symbol) => symbol switch
    {
        IParameterSymbol parameter => IsTimeProvider(parameter.Type),
        ILocalSymbol local => IsTimeProvider(local.Type),
        IFieldSymbol field => IsTimeProvider(field.Type),
        IPropertySymbol { IsIndexer: false, GetMethod: not null } property => IsTimeProvider(property.Type) && property.Name != "System",
        _ => false,
    };

    private static bool IsTimeProvider(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat) is "System.TimeProvider")
                return true;
        }
        return false;
    }

    private static bool NeedsInstance(ISymbol symbol, SemanticModel model, SyntaxNode place, CancellationToken cancellation) => symbol switch
    {
        IFieldSymbol or IPropertySymbol => !symbol.IsStatic,
        // A parameter of a primary constructor is a field in disguise, except where fields are initialised.
        IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } constructor } =>
            !IsInside(constructor, model, place, cancellation) && place.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not null,
        _ => false,
    };

    private static bool IsInside(ISymbol member, SemanticModel model, SyntaxNode place, CancellationToken cancellation)
    {
        for (ISymbol? symbol = model.GetEnclosingSymbol(place.SpanStart, cancellation); symbol is not null; symbol = symbol.ContainingSymbol)
        {
            if (SymbolEqualityComparer.Default.Equals(symbol, member))
                return true;
        }
        return false;
    }

    private static bool IsDeclaredBefore(ISymbol symbol, SyntaxNode place) =>
        symbol is not ILocalSymbol || symbol.DeclaringSyntaxReferences.All(reference => reference.Span.End <= place.SpanStart);

    private static int Distance(ISymbol symbol) => symbol switch
    {
        ILocalSymbol => 0,
        IParameterSymbol => 1,
        IFieldSymbol => 2,
        _ => 3,
    };
}
