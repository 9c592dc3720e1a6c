using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace LambdaStreamRunner.Testing.CodeFixes;

/// <summary>Gives a class the clock that it lacks: a field, and a way to set it that leaves every present way to make the class working.</summary>
/// <remarks>
/// Lambda makes a function with the constructor that has no parameters, so that one stays and chooses the system's clock.
/// Classes that are made in more than one way are left to their authors.
/// </remarks>
internal static class ClockByConstructor
{
    /// <summary>The name of the field that is added.</summary>
    public const string Field = "_time";

    private const string Parameter = "time";

    /// <summary>The class around a place, when it can be given a clock; otherwise null.</summary>
    public static ClassDeclarationSyntax? ClassToChange(SemanticModel model, SyntaxNode place, CancellationToken cancellation)
    {
        if (place.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not ClassDeclarationSyntax type || !ClockInScope.HasInstance(model, place, cancellation))
            return null;
        if (place.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is not null || model.GetDeclaredSymbol(type, cancellation) is not { } symbol)
            return null;

        bool hasName = symbol.GetMembers(Field).Length > 0 || symbol.DeclaringSyntaxReferences.Length > 1;
        return !hasName && CanChange(type) ? type : null;
    }

    /// <summary>The class with the field, set by its constructor.</summary>
    public static ClassDeclarationSyntax Changed(ClassDeclarationSyntax type)
    {
        if (type.ParameterList is { } primary)
            return WithMembers(type.WithParameterList(WithOptionalClock(primary)), FieldSetTo($"{Parameter} ?? TimeProvider.System"));

        ConstructorDeclarationSyntax? root = Constructors(type).FirstOrDefault();
        if (root is null)
            return WithMembers(type, FieldSetTo(null), ForLambda(type, "public"), Member($"public {type.Identifier}(TimeProvider {Parameter}) => {Field} = {Parameter};"));

        ConstructorDeclarationSyntax changed = WithClock(root);
        if (root.ParameterList.Parameters.Count > 0)
            return WithMembers(type.ReplaceNode(root, changed), FieldSetTo(null));

        MemberDeclarationSyntax chosen = Spaced(ForLambda(type, root.Modifiers.ToString()), type).WithLeadingTrivia(root.GetLeadingTrivia());
        return WithMembers(type.ReplaceNode(root, [chosen, changed.WithLeadingTrivia(TriviaList())]), FieldSetTo(null));
    }

    private static MemberDeclarationSyntax ForLambda(ClassDeclarationSyntax type, string modifiers) =>
        Member($"{modifiers} {type.Identifier}() : this(TimeProvider.System)\n{{\n}}");

    // Whoever makes the class in another way than Lambda goes on as before: a parameter more than none is optional.
    private static ConstructorDeclarationSyntax WithClock(ConstructorDeclarationSyntax constructor)
    {
        if (constructor.ParameterList.Parameters.Count > 0)
            return WithStatement(constructor.WithParameterList(WithOptionalClock(constructor.ParameterList)), $"{Field} = {Parameter} ?? TimeProvider.System;");

        ParameterListSyntax clock = ParseParameterList($"(TimeProvider {Parameter})").WithTriviaFrom(constructor.ParameterList);
        return WithStatement(constructor.WithParameterList(clock), $"{Field} = {Parameter};");
    }

    private static bool CanChange(ClassDeclarationSyntax type)
    {
        if (type.ParameterList is { } primary)
            return CanBeAddedTo(primary) && !Constructors(type).Any();

        ConstructorDeclarationSyntax[] all = [.. Constructors(type)];
        return all.Length == 0 || (all.Length == 1 && CanBeAddedTo(all[0].ParameterList));
    }

    private static IEnumerable<ConstructorDeclarationSyntax> Constructors(ClassDeclarationSyntax type) =>
        type.Members.OfType<ConstructorDeclarationSyntax>().Where(constructor => !constructor.Modifiers.Any(SyntaxKind.StaticKeyword));

    private static bool CanBeAddedTo(ParameterListSyntax list) =>
        list.Parameters.All(parameter => parameter.Identifier.ValueText != Parameter && !parameter.Modifiers.Any(SyntaxKind.ParamsKeyword));

    private static ParameterListSyntax WithOptionalClock(ParameterListSyntax list)
    {
        ParameterSyntax clock = ParseParameterList($"(TimeProvider? {Parameter} = null)").Parameters[0];
        return list.AddParameters(clock).WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static ConstructorDeclarationSyntax WithStatement(ConstructorDeclarationSyntax constructor, string statement)
    {
        BlockSyntax body = constructor.Body ?? Block(ExpressionStatement(constructor.ExpressionBody!.Expression));
        return constructor.WithExpressionBody(null).WithSemicolonToken(default).WithBody(body.AddStatements(ParseStatement(statement)))
            .WithTrailingTrivia(constructor.GetTrailingTrivia()).WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static MemberDeclarationSyntax FieldSetTo(string? value) =>
        Member(value is null ? $"private readonly TimeProvider {Field};" : $"private readonly TimeProvider {Field} = {value};");

    private static MemberDeclarationSyntax Member(string text) => ParseMemberDeclaration(text)!;

    private static ClassDeclarationSyntax WithMembers(ClassDeclarationSyntax type, params MemberDeclarationSyntax[] added) =>
        type.WithMembers(type.Members.InsertRange(0, added.Select(member => Spaced(member, type))));

    // With a blank line after it, and the file's own line ends.
    private static MemberDeclarationSyntax Spaced(MemberDeclarationSyntax member, ClassDeclarationSyntax type)
    {
        SyntaxTrivia lineEnd = type.DescendantTrivia().FirstOrDefault(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        if (lineEnd == default)
            lineEnd = LineFeed;
        return member.ReplaceTrivia(member.DescendantTrivia().Where(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)), (_, _) => lineEnd)
            .WithTrailingTrivia(lineEnd, lineEnd).WithAdditionalAnnotations(Formatter.Annotation);
    }
}
