using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LambdaStreamRunner.Testing.CodeFixes;

/// <summary>A fix that needs a TimeProvider: the one in scope, or else one that the class gets from its constructor.</summary>
public abstract class ClockFix : NodeFix
{
    private protected sealed override async Task<ImmutableArray<string>> TitlesAsync(Document document, SyntaxNode place, CancellationToken cancellation)
    {
        SemanticModel model = (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false))!;
        if (Rewritten(model, place, ClockByConstructor.Field, cancellation) is null)
            return [];
        if (ClockInScope.Find(model, place, cancellation) is { } clock)
            return [$"Use '{clock}'"];

        return ClockByConstructor.ClassToChange(model, place, cancellation) is { } type ? [$"Give '{type.Identifier.ValueText}' a TimeProvider"] : [];
    }

    private protected sealed override async Task<Document> FixAsync(Document document, SyntaxNode place, string title, CancellationToken cancellation)
    {
        SemanticModel model = (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false))!;
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        string? clock = ClockInScope.Find(model, place, cancellation);
        SyntaxNode replaced = Rewritten(model, place, clock ?? ClockByConstructor.Field, cancellation)!.WithTriviaFrom(place);
        if (clock is not null)
            return document.WithSyntaxRoot(root.ReplaceNode(place, replaced));

        ClassDeclarationSyntax type = ClockByConstructor.ClassToChange(model, place, cancellation)!;
        ClassDeclarationSyntax inside = type.ReplaceNode(place, replaced);
        return document.WithSyntaxRoot(root.ReplaceNode(type, ClockByConstructor.Changed(inside)));
    }

    /// <summary>The place with a clock of this name; null when it cannot be rewritten mechanically.</summary>
    private protected abstract SyntaxNode? Rewritten(SemanticModel model, SyntaxNode place, string clock, CancellationToken cancellation);
}
