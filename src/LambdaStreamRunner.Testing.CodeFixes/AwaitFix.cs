using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace LambdaStreamRunner.Testing.CodeFixes;

/// <summary>LSR0003: awaits the task, or makes async void something that can be awaited.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AwaitFix : NodeFix
{
    private const string AwaitIt = "Await it";
    private const string ReturnTask = "Return a Task";
    private const string Loop = "Await each in a loop";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["LSR0003"];

    private protected override async Task<ImmutableArray<string>> TitlesAsync(Document document, SyntaxNode place, CancellationToken cancellation)
    {
        SemanticModel model = (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false))!;
        return place switch
        {
            MethodDeclarationSyntax or LocalFunctionStatementSyntax => [ReturnTask],
            AnonymousFunctionExpressionSyntax lambda => LoopOf(model, lambda, cancellation) is null ? [] : [Loop],
            ExpressionSyntax work when StatementOf(work) is not null && AsyncCode.CanAwait(work) && IsAwaitable(model, work, cancellation) => [AwaitIt],
            _ => [],
        };
    }

    private protected override async Task<Document> FixAsync(Document document, SyntaxNode place, string title, CancellationToken cancellation)
    {
        SemanticModel model = (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false))!;
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        TypeSyntax task = IdentifierName("Task");
        (SyntaxNode old, SyntaxNode changed) = place switch
        {
            MethodDeclarationSyntax method => (place, method.WithReturnType(task.WithTriviaFrom(method.ReturnType))),
            LocalFunctionStatementSyntax local => (place, local.WithReturnType(task.WithTriviaFrom(local.ReturnType))),
            AnonymousFunctionExpressionSyntax lambda => ((SyntaxNode)StatementOf((ExpressionSyntax)lambda.Parent!.Parent!.Parent!)!, (SyntaxNode)LoopOf(model, lambda, cancellation)!),
            _ => (StatementOf((ExpressionSyntax)place)!, (SyntaxNode)ExpressionStatement(AwaitExpression(((ExpressionSyntax)place).WithoutTrivia()))),
        };
        return document.WithSyntaxRoot(root.ReplaceNode(old, changed.WithTriviaFrom(old).WithAdditionalAnnotations(Formatter.Annotation)));
    }

    // x?.SendAsync() is null when x is, and null cannot be awaited.
    private static ExpressionStatementSyntax? StatementOf(ExpressionSyntax work) => work.Parent switch
    {
        ExpressionStatementSyntax statement => statement,
        AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax statement } assignment when assignment.Right == work => statement,
        _ => null,
    };

    private static bool IsAwaitable(SemanticModel model, ExpressionSyntax work, CancellationToken cancellation) =>
        model.GetTypeInfo(work, cancellation).Type is { Name: "Task" or "ValueTask" };

    // list.ForEach(async x => ...): a loop does what was meant.
    private static ForEachStatementSyntax? LoopOf(SemanticModel model, AnonymousFunctionExpressionSyntax lambda, CancellationToken cancellation)
    {
        if (lambda.Parent?.Parent?.Parent is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: { } list } } call)
            return null;
        if (model.GetSymbolInfo(call, cancellation).Symbol is not IMethodSymbol { Name: "ForEach", ContainingType.Name: "List" })
            return null;

        return StatementOf(call) is not null && AsyncCode.CanAwait(call) ? RecordLoop.Over(list, lambda) : null;
    }
}
