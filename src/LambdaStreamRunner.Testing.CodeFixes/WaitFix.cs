using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace LambdaStreamRunner.Testing.CodeFixes;

/// <summary>LSR0002: hands the clock to the wait; milliseconds become a TimeSpan, since only those overloads take a clock.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class WaitFix : ClockFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["LSR0002"];

    private protected override SyntaxNode? Rewritten(SemanticModel model, SyntaxNode place, string clock, CancellationToken cancellation)
    {
        if (model.GetSymbolInfo(place, cancellation).Symbol is not IMethodSymbol method || ArgumentsOf(place) is not { Arguments.Count: > 0 } arguments)
            return null;
        // Timers have no overload with a clock: TimeProvider.CreateTimer makes another type. Named arguments may stand in any order.
        if (method.ContainingType.Name == "Timer" || arguments.Arguments.Any(argument => argument.NameColon is not null))
            return null;

        ArgumentListSyntax changed = WithClock(model, arguments, clock, cancellation);
        if (method.ContainingType.Name == "Thread")
            return CanAwait(place) ? ParseExpression($"await Task.Delay{changed}") : null;

        return place.ReplaceNode(arguments, changed);
    }

    private static ArgumentListSyntax? ArgumentsOf(SyntaxNode place) => place switch
    {
        InvocationExpressionSyntax call => call.ArgumentList,
        BaseObjectCreationExpressionSyntax created => created.ArgumentList,
        _ => null,
    };

    private static ArgumentListSyntax WithClock(SemanticModel model, ArgumentListSyntax arguments, string clock, CancellationToken cancellation)
    {
        ArgumentSyntax time = arguments.Arguments[0];
        ExpressionSyntax span = model.GetTypeInfo(time.Expression, cancellation).Type is { SpecialType: SpecialType.System_Int32 }
            ? ParseExpression($"TimeSpan.FromMilliseconds({time.Expression})").WithTriviaFrom(time.Expression)
            : time.Expression;
        ArgumentSyntax provider = Argument(IdentifierName(clock));
        SyntaxToken comma = Token(SyntaxKind.CommaToken).WithTrailingTrivia(Space);
        var list = arguments.Arguments.Replace(time, time.WithExpression(span)).Insert(1, provider);
        return arguments.WithArguments(SeparatedList(list, Enumerable.Repeat(comma, list.Count - 1)));
    }

    private static bool CanAwait(SyntaxNode place) => place.Parent is ExpressionStatementSyntax && AsyncCode.CanAwait(place);
}
