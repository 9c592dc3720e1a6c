using System.Collections.Immutable;
using System.Composition;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace LambdaStreamRunner.Testing.CodeFixes;

/// <summary>LSR0004: takes the records in turn, or those of each key.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class InTurnFix : NodeFix
{
    private const string InTurn = "Take the records in turn";
    private const string ByKey = "Take keys side by side, and the records of each in turn";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["LSR0004"];

    private protected override async Task<ImmutableArray<string>> TitlesAsync(Document document, SyntaxNode place, CancellationToken cancellation)
    {
        SemanticModel model = (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false))!;
        ImmutableArray<string> titles = Statement(place) is not null && InTurnOf(model, place, cancellation) is not null ? [InTurn] : [];
        return SideBySideOf(model, place, cancellation) is null ? titles : titles.Add(ByKey);
    }

    private protected override async Task<Document> FixAsync(Document document, SyntaxNode place, string title, CancellationToken cancellation)
    {
        SemanticModel model = (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false))!;
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        SyntaxNode old = title == ByKey ? place : Statement(place)!;
        SyntaxNode changed = title == ByKey ? SideBySideOf(model, place, cancellation)! : InTurnOf(model, place, cancellation)!;
        return document.WithSyntaxRoot(root.ReplaceNode(old, changed.WithTriviaFrom(old).WithAdditionalAnnotations(Formatter.Annotation)));
    }

    // A statement of its own, awaited or not: a result that is used elsewhere has no place in a loop.
    private static ExpressionStatementSyntax? Statement(SyntaxNode place) => place.Parent switch
    {
        AwaitExpressionSyntax { Parent: ExpressionStatementSyntax statement } => statement,
        ExpressionStatementSyntax statement => statement,
        _ => null,
    };

    private static StatementSyntax? InTurnOf(SemanticModel model, SyntaxNode place, CancellationToken cancellation)
    {
        if (place is not InvocationExpressionSyntax { ArgumentList.Arguments: var arguments } call || model.GetSymbolInfo(call, cancellation).Symbol is not IMethodSymbol method)
            return null;

        bool isAwaited = place.Parent is AwaitExpressionSyntax;
        return (method.ContainingType.Name, method.Name) switch
        {
            // An async lambda there is async void: the loop would await in a method that may not be async.
            ("Parallel", "ForEach") when arguments.Count == 2 => WithoutNewAwait(RecordLoop.Over(arguments[0].Expression, arguments[1].Expression), place),
            ("Parallel", "ForEachAsync") when arguments.Count == 2 && isAwaited => RecordLoop.Over(arguments[0].Expression, arguments[1].Expression, workIsTask: true),
            ("Task", "WhenAll") when isAwaited => OverSelected(arguments),
            _ => null,
        };
    }

    private static InvocationExpressionSyntax? SideBySideOf(SemanticModel model, SyntaxNode place, CancellationToken cancellation)
    {
        if (place is not InvocationExpressionSyntax { ArgumentList.Arguments: var arguments } call || model.GetSymbolInfo(call, cancellation).Symbol is not IMethodSymbol method)
            return null;

        return (method.ContainingType.Name, method.Name) switch
        {
            ("Parallel", "ForEach") when arguments.Count == 2 => WithoutAsyncVoid(KeysSideBySide.Of(model, call, arguments[0].Expression, arguments[1].Expression, workIsTask: false, cancellation)),
            ("Parallel", "ForEachAsync") => KeysSideBySide.Of(model, call, arguments[0].Expression, arguments[arguments.Count - 1].Expression, workIsTask: true, cancellation),
            ("Task", "WhenAll") when Selected(arguments) is { } selected => KeysSideBySide.Of(model, call, selected.Records, selected.Work, workIsTask: true, cancellation),
            _ => null,
        };
    }

    private static InvocationExpressionSyntax? WithoutAsyncVoid(InvocationExpressionSyntax? call) =>
        call is { ArgumentList.Arguments: [_, { Expression: LambdaExpressionSyntax { AsyncKeyword.RawKind: (int)SyntaxKind.AsyncKeyword } }] } ? null : call;

    private static StatementSyntax? WithoutNewAwait(StatementSyntax? loop, SyntaxNode place) =>
        loop is null || AsyncCode.CanAwait(place) || !AsyncCode.Awaits(loop) ? loop : null;

    private static ForEachStatementSyntax? OverSelected(SeparatedSyntaxList<ArgumentSyntax> arguments) =>
        Selected(arguments) is { } selected ? RecordLoop.Over(selected.Records, selected.Work, workIsTask: true) : null;

    // records.Select(work)
    private static (ExpressionSyntax Records, ExpressionSyntax Work)? Selected(SeparatedSyntaxList<ArgumentSyntax> arguments) =>
        arguments is [{ Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Select", Expression: { } records }, ArgumentList.Arguments: [{ } selector] } }]
            ? (records, selector.Expression)
            : null;
}
