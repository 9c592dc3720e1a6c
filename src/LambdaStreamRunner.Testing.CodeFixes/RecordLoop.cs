using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace LambdaStreamRunner.Testing.CodeFixes;

/// <summary>Writes what a lambda does for each record as a loop that takes one after the other.</summary>
internal static class RecordLoop
{
    private const string Record = "record";

    /// <summary>The loop; null when the lambda uses what a loop has not, such as a second parameter or a return that a loop cannot say.</summary>
    public static ForEachStatementSyntax? Over(ExpressionSyntax records, ExpressionSyntax work, bool workIsTask = false, OtherParameters others = OtherParameters.End)
    {
        (string? name, StatementSyntax? body) = work switch
        {
            AnonymousFunctionExpressionSyntax lambda => (ParameterOf(lambda, others), BodyOf(lambda, workIsTask)),
            IdentifierNameSyntax or MemberAccessExpressionSyntax => (Record, StatementOf(ParseExpression($"{work}({Record})"), workIsTask)),
            _ => (null, null),
        };
        if (name is null || body is null)
            return null;

        return ForEachStatement(IdentifierName("var"), Identifier(name), records.WithoutTrivia(), body is BlockSyntax ? body : Block(body)).WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static string? ParameterOf(AnonymousFunctionExpressionSyntax lambda, OtherParameters others)
    {
        if (lambda is SimpleLambdaExpressionSyntax simple)
            return simple.Parameter.Identifier.ValueText;
        if (lambda is not ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: { Count: > 0 } parameters })
            return null;

        bool othersAreUsed = others is OtherParameters.End && parameters.Skip(1).Any(other => lambda.Body.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(used => used.Identifier.ValueText == other.Identifier.ValueText));
        return othersAreUsed ? null : parameters[0].Identifier.ValueText;
    }

    private static StatementSyntax? BodyOf(AnonymousFunctionExpressionSyntax lambda, bool workIsTask)
    {
        bool isAsync = lambda.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword);
        if (lambda.Body is ExpressionSyntax expression)
            return StatementOf(expression, workIsTask && !isAsync);
        if (lambda.Body is not BlockSyntax block || (workIsTask && !isAsync))
            return null;

        ReturnStatementSyntax[] returns = [.. block.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).OfType<ReturnStatementSyntax>()];
        return returns.All(CanContinue) ? block.ReplaceNodes(returns, (old, _) => ContinueStatement().WithTriviaFrom(old)) : null;
    }

    private static bool CanContinue(ReturnStatementSyntax statement) =>
        statement.Expression is null && !statement.Ancestors().TakeWhile(outer => outer is not AnonymousFunctionExpressionSyntax)
            .Any(outer => outer is CommonForEachStatementSyntax or ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax);

    private static ExpressionStatementSyntax? StatementOf(ExpressionSyntax expression, bool awaited)
    {
        ExpressionSyntax plain = expression.WithoutTrivia();
        return awaited || plain is AwaitExpressionSyntax or InvocationExpressionSyntax or AssignmentExpressionSyntax
            ? ExpressionStatement(awaited ? AwaitExpression(plain) : plain)
            : null;
    }
}

/// <summary>What becomes of the token of Parallel.ForEachAsync, the loop state of Parallel.ForEach and the index of Select.</summary>
internal enum OtherParameters
{
    /// <summary>They end with the lambda: what uses them cannot be a loop.</summary>
    End,

    /// <summary>The loop stands in a lambda that has them, too.</summary>
    Stay,
}
