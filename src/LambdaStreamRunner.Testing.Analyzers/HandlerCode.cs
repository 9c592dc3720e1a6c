using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace LambdaStreamRunner.Testing.Analyzers;

/// <summary>Which code of a project runs when a batch is handled, and so has to obey the rules of a handler.</summary>
/// <remarks>
/// A handler is a method, local function or lambda that takes a KinesisEvent, or something and an ILambdaContext, or that is handed to StreamTest.For.
/// A function's project holds little that no handler reaches, and what a helper does with the clock is as wrong as when the handler does it:
/// there, all code counts. A project that references a test framework or the testing library is made of tests, whose clock and tasks are
/// nobody's business: there, only handlers count, and the types that declare them when they hold no tests. A project with neither is left alone.
/// </remarks>
internal sealed class HandlerCode
{
    private const string KinesisNamespace = "Amazon.Lambda.KinesisEvents";

    private static readonly string[] TestAssemblies =
    [
        "LambdaStreamRunner.Testing", "xunit.core", "xunit.v3.core", "nunit.framework", "MSTest.TestFramework", "Microsoft.VisualStudio.TestPlatform.TestFramework",
        "TUnit.Core",
    ];

    private static readonly string[] TestNamespaces = ["Xunit", "NUnit.Framework", "Microsoft.VisualStudio.TestTools.UnitTesting", "TUnit.Core"];

    private readonly INamedTypeSymbol? _kinesisEvent;
    private readonly INamedTypeSymbol? _lambdaContext;
    private readonly INamedTypeSymbol? _streamTest;
    private readonly bool _isTestProject;
    private readonly Lazy<bool> _holdsHandler;

    private HandlerCode(Compilation compilation, CancellationToken cancellation)
    {
        _kinesisEvent = compilation.GetTypeByMetadataName(KinesisNamespace + ".KinesisEvent");
        _lambdaContext = compilation.GetTypeByMetadataName("Amazon.Lambda.Core.ILambdaContext");
        _streamTest = compilation.GetTypeByMetadataName("LambdaStreamRunner.Testing.StreamTest");
        _isTestProject = compilation.ReferencedAssemblyNames.Any(name => TestAssemblies.Contains(name.Name, StringComparer.OrdinalIgnoreCase));
        _holdsHandler = new Lazy<bool>(() => TypesOf(compilation.Assembly.GlobalNamespace, cancellation).Any(IsHandlerType));
    }

    /// <summary>Null when the project can hold no handler that could be recognised.</summary>
    public static HandlerCode? Of(Compilation compilation, CancellationToken cancellation)
    {
        var code = new HandlerCode(compilation, cancellation);
        return code._kinesisEvent is null && code._lambdaContext is null && code._streamTest is null ? null : code;
    }

    /// <summary>Whether an operation is executed when a batch is handled.</summary>
    public bool Contains(IOperation operation, ISymbol containing) =>
        (containing is IMethodSymbol method && IsHandler(method))
        || (containing.ContainingType is { } type && ContainsMembersOf(type))
        || IsInsideHandler(operation);

    /// <summary>Whether everything in a type is executed when a batch is handled.</summary>
    public bool ContainsMembersOf(INamedTypeSymbol type) => (!_isTestProject && _holdsHandler.Value) || (IsHandlerType(type) && !HoldsTests(type));

    /// <summary>Whether a type declares or inherits a handler.</summary>
    public bool IsHandlerType(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (current.GetMembers().OfType<IMethodSymbol>().Any(IsHandler))
                return true;
        }
        return false;
    }

    private static bool HoldsTests(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IMethodSymbol>().SelectMany(method => method.GetAttributes())
            .Any(attribute => TestNamespaces.Contains(attribute.AttributeClass?.ContainingNamespace.ToDisplayString()));

    /// <summary>Whether a method has the shape of a handler.</summary>
    public bool IsHandler(IMethodSymbol method)
    {
        if (method.MethodKind is not (MethodKind.Ordinary or MethodKind.LocalFunction or MethodKind.AnonymousFunction or MethodKind.ExplicitInterfaceImplementation))
            return false;

        return method.Parameters.Length switch
        {
            1 => IsKinesisEvent(method.Parameters[0].Type),
            2 => IsKinesisEvent(method.Parameters[0].Type) || Is(method.Parameters[1].Type, _lambdaContext),
            _ => false,
        };
    }

    /// <summary>Whether a type is the record of a Kinesis event, or its inner part that holds key and data.</summary>
    public bool IsRecord(ITypeSymbol? type) =>
        _kinesisEvent is not null && type is { ContainingType: { } outer } && Is(outer, _kinesisEvent) && type.Name is "KinesisEventRecord" or "Record";

    private bool IsInsideHandler(IOperation operation)
    {
        for (IOperation? outer = operation; outer is not null; outer = outer.Parent)
        {
            if (FunctionOf(outer) is { } function && (IsHandler(function) || IsGivenToStreamTest(outer)))
                return true;
        }
        return false;
    }

    private static IMethodSymbol? FunctionOf(IOperation operation) => operation switch
    {
        IAnonymousFunctionOperation lambda => lambda.Symbol,
        ILocalFunctionOperation local => local.Symbol,
        _ => null,
    };

    private bool IsGivenToStreamTest(IOperation function)
    {
        if (_streamTest is null)
            return false;

        IOperation? outer = function.Parent;
        while (outer is IDelegateCreationOperation or IConversionOperation)
            outer = outer.Parent;
        return outer?.Parent is IInvocationOperation { TargetMethod: { Name: "For" } method } && Is(method.ContainingType, _streamTest);
    }

    private bool IsKinesisEvent(ITypeSymbol type)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (Is(current, _kinesisEvent))
                return true;
        }
        return false;
    }

    private static bool Is(ITypeSymbol type, INamedTypeSymbol? other) => other is not null && SymbolEqualityComparer.Default.Equals(type, other);

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol container, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (INamespaceOrTypeSymbol member in container.GetMembers().OfType<INamespaceOrTypeSymbol>())
        {
            if (member is INamedTypeSymbol type)
                yield return type;
            foreach (INamedTypeSymbol inner in TypesOf(member, cancellation))
                yield return inner;
        }
    }
}
