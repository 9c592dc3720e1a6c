using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;

namespace LambdaStreamRunner.Testing.Analyzers.Tests;

/// <summary>Tests of one rule with its fix, over code in which <c>[|…|]</c> marks what has to be flagged, and nothing else may be.</summary>
public abstract class RuleTests<TAnalyzer, TFix>
    where TAnalyzer : HandlerAnalyzer, new()
    where TFix : CodeFixProvider, new()
{
    /// <summary>The marks are all that is flagged, in a project of this kind.</summary>
    protected Task FlagsAsync(string code, Project? inProject = null)
    {
        var test = new CSharpAnalyzerTest<TAnalyzer, DefaultVerifier> { TestCode = code, ReferenceAssemblies = Project.NoReferenceAssemblies };
        (inProject ?? Project.OfAFunction).AddTo(test.TestState);
        test.SolutionTransforms.Add(Project.WithLatestLanguage);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The marks are all that is flagged, and fixing each, and all at once, gives this code.</summary>
    /// <param name="code">With its marks.</param>
    /// <param name="fixedCode">What the fix makes of it; marks are what it leaves.</param>
    /// <param name="inProject">That of a function by default.</param>
    /// <param name="title">Of the fix, when there are others before it.</param>
    protected Task FixesAsync(string code, string fixedCode, Project? inProject = null, string? title = null)
    {
        var test = new CSharpCodeFixTest<TAnalyzer, TFix, DefaultVerifier> { TestCode = code, FixedCode = fixedCode, ReferenceAssemblies = Project.NoReferenceAssemblies };
        test.CodeActionEquivalenceKey = title;
        (inProject ?? Project.OfAFunction).AddTo(test.TestState);
        (inProject ?? Project.OfAFunction).AddTo(test.FixedState);
        test.SolutionTransforms.Add(Project.WithLatestLanguage);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The marks are flagged, and there is no fix for them.</summary>
    protected Task FlagsWithoutFixAsync(string code, Project? inProject = null)
    {
        var test = new CSharpCodeFixTest<TAnalyzer, TFix, DefaultVerifier> { TestCode = code, FixedCode = code, ReferenceAssemblies = Project.NoReferenceAssemblies };
        (inProject ?? Project.OfAFunction).AddTo(test.TestState);
        (inProject ?? Project.OfAFunction).AddTo(test.FixedState);
        test.FixedState.MarkupHandling = MarkupMode.Allow;
        test.SolutionTransforms.Add(Project.WithLatestLanguage);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }
}
