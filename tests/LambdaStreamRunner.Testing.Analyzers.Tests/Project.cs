using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Testing;

namespace LambdaStreamRunner.Testing.Analyzers.Tests;

/// <summary>A kind of project in which the code of a test stands.</summary>
public sealed class Project
{
    // Amazon's types by name and shape: that is all that the rules look at.
    private const string AmazonTypes = """
        global using System;
        global using System.Collections.Generic;
        global using System.Diagnostics;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Amazon.Lambda.Core;
        global using Amazon.Lambda.KinesisEvents;

        namespace Amazon.Lambda.Core
        {
            public interface ILambdaContext { TimeSpan RemainingTime { get; } }
        }
        namespace Amazon.Lambda.KinesisEvents
        {
            public class KinesisEvent
            {
                public List<KinesisEventRecord> Records { get; set; } = [];
                public class Record { public string PartitionKey { get; set; } = ""; }
                public class KinesisEventRecord { public Record Kinesis { get; set; } = new(); }
            }
        }
        """;

    private const string Handler = """
        public class OtherFunction
        {
            public Task HandleAsync(KinesisEvent kinesisEvent, ILambdaContext context) => Task.CompletedTask;
        }
        """;

    private const string TestingLibrary = """
        namespace LambdaStreamRunner.Testing;
        public static class StreamTest
        {
            public static void For<T>(System.Func<T, System.Threading.Tasks.Task> handler) { }
        }
        """;

    // The framework of this very process: reference assemblies would have to be downloaded.
    private static readonly ImmutableArray<MetadataReference> Framework =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => path.Contains("Microsoft.NETCore.App", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private readonly string[] _sources;
    private readonly MetadataReference[] _references;

    private Project(string[] sources, params MetadataReference[] references) => (_sources, _references) = (sources, references);

    /// <summary>Nothing that would have to be downloaded.</summary>
    public static ReferenceAssemblies NoReferenceAssemblies { get; } = new("net10.0");

    /// <summary>Holds a handler in another file; the code is one of its helpers, or brings a handler of its own.</summary>
    public static Project OfAFunction { get; } = new([AmazonTypes, Handler]);

    /// <summary>Refers to Amazon's packages and holds no other handler.</summary>
    public static Project WithoutHandler { get; } = new([AmazonTypes]);

    /// <summary>Holds tests: it refers to the testing library and to a test framework.</summary>
    public static Project OfTests { get; } = new([AmazonTypes], Compiled("LambdaStreamRunner.Testing", TestingLibrary), MetadataReference.CreateFromFile(typeof(FactAttribute).Assembly.Location));

    /// <summary>The language that users of the package write.</summary>
    public static Solution WithLatestLanguage(Solution solution, ProjectId project) =>
        solution.WithProjectParseOptions(project, new CSharpParseOptions(LanguageVersion.Latest))
            .WithProjectCompilationOptions(project, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>Adds what else such a project holds.</summary>
    public void AddTo(SolutionState state)
    {
        foreach (string source in _sources)
            state.Sources.Add(source);
        state.AdditionalReferences.AddRange(Framework);
        state.AdditionalReferences.AddRange(_references);
    }

    private static PortableExecutableReference Compiled(string name, string source)
    {
        using var assembly = new MemoryStream();
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source)], Framework, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.Empty(compilation.Emit(assembly).Diagnostics);
        return MetadataReference.CreateFromImage(assembly.ToArray());
    }
}
