using System.Collections.Immutable;
using System.Composition;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace LambdaStreamRunner.Testing.CodeFixes;

/// <summary>LSR0001: asks a TimeProvider instead. What it answers is the same, kind included, when that is the system's.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AmbientClockFix : ClockFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["LSR0001"];

    private protected override SyntaxNode? Rewritten(SemanticModel model, SyntaxNode place, string clock, CancellationToken cancellation)
    {
        string? replaced = model.GetSymbolInfo(place, cancellation).Symbol switch
        {
            IPropertySymbol property => InsteadOf(property, clock),
            // A Stopwatch that is started or made is used further on in ways that a TimeProvider does not have.
            IMethodSymbol { Name: "GetTimestamp" } => $"{clock}.GetTimestamp()",
            IMethodSymbol { Name: "GetElapsedTime" } when place is InvocationExpressionSyntax call => $"{clock}.GetElapsedTime{call.ArgumentList}",
            _ => null,
        };
        return replaced is null ? null : ParseExpression(replaced);
    }

    private static string? InsteadOf(IPropertySymbol property, string clock) => (property.ContainingType.Name, property.Name) switch
    {
        ("DateTime", "UtcNow") => $"{clock}.GetUtcNow().UtcDateTime",
        ("DateTime", "Now") => $"{clock}.GetLocalNow().LocalDateTime",
        ("DateTime", "Today") => $"{clock}.GetLocalNow().LocalDateTime.Date",
        ("DateTimeOffset", "UtcNow") => $"{clock}.GetUtcNow()",
        ("DateTimeOffset", "Now") => $"{clock}.GetLocalNow()",
        ("TimeProvider", "System") => clock,
        _ => null, // TickCount: a TimeProvider's timestamps have another unit and another start
    };
}
