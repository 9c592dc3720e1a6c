using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace LambdaStreamRunner.Testing.CodeFixes;

/// <summary>Rewrites work on all records side by side as work on all keys side by side, with the records of each key in turn.</summary>
internal static class KeysSideBySide
{
    private const string Key = "recordsOfKey";

    /// <summary>The call with its records grouped; null when their key is not known, or the lambda does what a loop cannot.</summary>
    /// <param name="model">Of the call.</param>
    /// <param name="call">Its first argument is the records, or the object that it is called on.</param>
    /// <param name="records">The records among them.</param>
    /// <param name="work">What is done with each.</param>
    /// <param name="workIsTask">Whether that has to be awaited.</param>
    /// <param name="cancellation">Ends the search for types.</param>
    public static InvocationExpressionSyntax? Of(
        SemanticModel model, InvocationExpressionSyntax call, ExpressionSyntax records, ExpressionSyntax work, bool workIsTask, CancellationToken cancellation)
    {
        if (!AreKinesisRecords(model.GetTypeInfo(records, cancellation).Type))
            return null;
        if (RecordLoop.Over(IdentifierName(Key), work, workIsTask, OtherParameters.Stay) is not { } loop)
            return null;

        ExpressionSyntax grouped = ParseExpression($"{records.WithoutTrivia()}.GroupBy(record => record.Kinesis.PartitionKey)");
        ParenthesizedLambdaExpressionSyntax lambda = ParenthesizedLambdaExpression(ParametersOf(work), OnLines(Block(loop.WithStatement(OnLines((BlockSyntax)loop.Statement)))));
        if (AsyncCode.Awaits(loop))
            lambda = lambda.WithAsyncKeyword(Token(SyntaxKind.AsyncKeyword));
        return call.ReplaceNodes([records, work], (old, _) => old == records ? grouped.WithTriviaFrom(records) : Simplest(lambda));
    }

    private static bool AreKinesisRecords(ITypeSymbol? type) =>
        type is INamedTypeSymbol named && named.AllInterfaces.Add(named)
            .Any(sequence => sequence is { Name: "IEnumerable", TypeArguments: [{ Name: "KinesisEventRecord", ContainingType.Name: "KinesisEvent" }] });

    private static ParameterListSyntax ParametersOf(ExpressionSyntax work)
    {
        ParameterSyntax key = Parameter(Identifier(Key));
        if (work is not ParenthesizedLambdaExpressionSyntax { ParameterList: { Parameters: { Count: > 0 } parameters } list })
            return ParameterList(SingletonSeparatedList(key));

        // Types are all there or all missing, and that of a group is nothing that a reader wants to see.
        return list.ReplaceNodes(parameters, (old, _) => (old == parameters[0] ? key : old).WithType(null));
    }

    // The formatter leaves a lambda on one line when it is on one. Blocks that the author wrote stay as they are.
    private static BlockSyntax OnLines(BlockSyntax block) => block.OpenBraceToken.TrailingTrivia.FullSpan.Length > 0 ? block : block
        .WithOpenBraceToken(block.OpenBraceToken.WithLeadingTrivia(ElasticCarriageReturnLineFeed).WithTrailingTrivia(ElasticCarriageReturnLineFeed))
        .WithCloseBraceToken(block.CloseBraceToken.WithLeadingTrivia(ElasticCarriageReturnLineFeed));

    private static LambdaExpressionSyntax Simplest(ParenthesizedLambdaExpressionSyntax lambda) =>
        lambda.ParameterList.Parameters is [{ } only] ? SimpleLambdaExpression(lambda.Modifiers, only, lambda.Block, null) : lambda;
}
