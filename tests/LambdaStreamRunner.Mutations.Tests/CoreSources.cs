using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using LambdaStreamRunner.Core.Mappings;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace LambdaStreamRunner.Mutations.Tests;

/// <summary>The sources of the core, and assemblies made of them, with or without a bug.</summary>
internal static class CoreSources
{
    private const string AssemblyName = "LambdaStreamRunner.Core";

    // What ImplicitUsings of the SDK adds.
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    private static readonly string Folder = Told("CoreSources");

    // Without DEBUG: the machine's own assertions must not find a bug before the checker does.
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.None);

    // Parsed once, and only the file with the bug again.
    private static readonly Lazy<CSharpCompilation> Unbroken = new(Create);

    /// <summary>The text of a file.</summary>
    public static string Read(string file) => File.ReadAllText(PathOf(file));

    private static readonly Lazy<byte[]> UnbrokenAssembly = new(() => Emit(Unbroken.Value));

    /// <summary>The core as it is.</summary>
    public static byte[] Compile() => UnbrokenAssembly.Value;

    /// <summary>The core with a bug.</summary>
    public static byte[] Compile(Mutation mutation)
    {
        string path = PathOf(mutation.File);
        SyntaxTree old = Unbroken.Value.SyntaxTrees.Single(tree => tree.FilePath == path);
        string broken = old.ToString().Replace(mutation.Old, mutation.New, StringComparison.Ordinal);
        return Emit(Unbroken.Value.ReplaceSyntaxTree(old, Parse(broken, path)));
    }

    private static string PathOf(string file) => Path.Combine([Folder, .. file.Split('/')]);

    private static CSharpCompilation Create()
    {
        IEnumerable<string> files = Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        IEnumerable<SyntaxTree> trees = files.Select(file => Parse(File.ReadAllText(file), file))
            .Append(Parse(ImplicitUsings, "usings")).Append(Parse(AssemblyAttributes(), "attributes"));
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, generalDiagnosticOption: ReportDiagnostic.Suppress, concurrentBuild: false);
        return Generate(CSharpCompilation.Create(AssemblyName, trees, Framework(), options));
    }

    // [GeneratedRegex] is the one source generator that the core uses.
    private static CSharpCompilation Generate(CSharpCompilation compilation)
    {
        Type generator = Assembly.LoadFrom(Told("RegexGenerator")).GetType("System.Text.RegularExpressions.Generator.RegexGenerator", throwOnError: true)!;
        ISourceGenerator[] generators = [((IIncrementalGenerator)Activator.CreateInstance(generator)!).AsSourceGenerator()];
        CSharpGeneratorDriver.Create(generators, parseOptions: ParseOptions).RunGeneratorsAndUpdateCompilation(compilation, out Compilation generated, out _);
        return (CSharpCompilation)generated;
    }

    // The project file tells the tests where things are.
    private static string Told(string key) => Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;

    // Those of the real one: who may see its internals, and its version.
    private static string AssemblyAttributes()
    {
        Assembly real = typeof(ShardMachine).Assembly;
        IEnumerable<string> friends = real.GetCustomAttributes<InternalsVisibleToAttribute>()
            .Select(friend => $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{friend.AssemblyName}\")]");
        return string.Join('\n', friends) + $"\n[assembly: System.Reflection.AssemblyVersion(\"{real.GetName().Version}\")]";
    }

    private static ImmutableArray<MetadataReference> Framework()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return [.. platform.Split(Path.PathSeparator).Where(path => Path.GetDirectoryName(path) == runtime).Select(path => MetadataReference.CreateFromFile(path))];
    }

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(SourceText.From(text, System.Text.Encoding.UTF8), ParseOptions, path);

    private static byte[] Emit(CSharpCompilation compilation)
    {
        using var memory = new MemoryStream();
        var result = compilation.Emit(memory);
        if (result.Success)
            return memory.ToArray();
        IEnumerable<Diagnostic> errors = result.Diagnostics.Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Error);
        throw new InvalidOperationException("The copy of the core does not compile:\n" + string.Join('\n', errors));
    }
}
