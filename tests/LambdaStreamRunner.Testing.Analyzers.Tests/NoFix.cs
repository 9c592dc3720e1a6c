using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CodeFixes;

namespace LambdaStreamRunner.Testing.Analyzers.Tests;

/// <summary>The fix of a rule that has none.</summary>
public sealed class NoFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => [];

    public override Task RegisterCodeFixesAsync(CodeFixContext context) => Task.CompletedTask;
}
