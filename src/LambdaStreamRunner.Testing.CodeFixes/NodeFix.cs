using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace LambdaStreamRunner.Testing.CodeFixes;

/// <summary>A fix that rewrites one place of a file, and so all places one after the other.</summary>
/// <remarks>One after the other: the second place finds the field that the first one has added.</remarks>
public abstract class NodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(FixAllAsync);

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode root = (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false))!;
        SyntaxNode place = root.FindNode(context.Span, getInnermostNodeForTie: true);
        foreach (string title in await TitlesAsync(context.Document, place, context.CancellationToken).ConfigureAwait(false))
        {
            var action = CodeAction.Create(title, cancellation => FixAsync(context.Document, place, title, cancellation), title);
            context.RegisterCodeFix(action, context.Diagnostics);
        }
    }

    /// <summary>What can be done here, best first; empty when nothing is mechanical.</summary>
    private protected abstract Task<ImmutableArray<string>> TitlesAsync(Document document, SyntaxNode place, CancellationToken cancellation);

    /// <summary>The document with the place rewritten.</summary>
    private protected abstract Task<Document> FixAsync(Document document, SyntaxNode place, string title, CancellationToken cancellation);

    private async Task<Document?> FixAllAsync(FixAllContext context, Document document, ImmutableArray<Diagnostic> diagnostics)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false))!;
        SyntaxNode[] places = [.. diagnostics.Select(diagnostic => root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true)).Distinct()];
        document = document.WithSyntaxRoot(root.TrackNodes(places));
        foreach (SyntaxNode place in places)
        {
            root = (await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false))!;
            if (root.GetCurrentNode(place) is not { } current)
                continue;

            ImmutableArray<string> titles = await TitlesAsync(document, current, context.CancellationToken).ConfigureAwait(false);
            if (!titles.IsEmpty)
                document = await FixAsync(document, current, titles.Contains(context.CodeActionEquivalenceKey!) ? context.CodeActionEquivalenceKey! : titles[0], context.CancellationToken).ConfigureAwait(false);
        }
        return document;
    }
}
