using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;

namespace LambdaStreamRunner.Testing.Tests.Consumers;

/// <summary>The library as a package, and all projects that use it, built and tested once, in a folder outside the repository.</summary>
/// <remarks>The package has a version that no other run has: a copy in the user's cache can never stand in for it.</remarks>
public sealed class PackedLibrary : IAsyncLifetime
{
    private const string Id = "LambdaStreamRunner.Testing";

    private readonly string _version = string.Create(CultureInfo.InvariantCulture, $"1.0.0-consumers.{Environment.ProcessId}.{Stopwatch.GetTimestamp()}");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lambda-stream-consumers-");
    private readonly Dictionary<(string Project, string Test), TestResult> _results = [];

    /// <summary>What building and testing printed.</summary>
    public string Output { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string packed = await Dotnet.RunAsync(
            RepositoryRoot(),
            ["pack", $"src/{Id}", "--no-build", "-c", configuration, "-o", Path.Combine(_folder.FullName, "feed"), $"-p:PackageVersion={_version}", .. Dotnet.WithoutNodes]);
        Assert.True(Directory.Exists(Path.Combine(_folder.FullName, "feed")), packed);

        Write();
        Output = await Dotnet.RunAsync(_folder.FullName, ["build", "Consumers.slnx", .. Dotnet.WithoutNodes]);
        Assert.All(ConsumerProject.All, project => Assert.True(FilesBuiltBy(project.Name).Contains(project.Name + ".dll"), Output));
        Output += await Dotnet.RunAsync(_folder.FullName, ["test", .. ConsumerProject.TestFrameworks.Select(AssemblyOf), "--logger", "trx"]);
        foreach (string file in Directory.EnumerateFiles(_folder.FullName, "*.trx", SearchOption.AllDirectories))
            Read(XDocument.Load(file));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        string cached = Path.Combine(
            Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
            "lambdastreamrunner.testing",
            _version);
        if (Directory.Exists(cached))
            Directory.Delete(cached, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>How a test in a project ended.</summary>
    internal TestResult ResultOf(string project, string test) =>
        _results.TryGetValue((project, test), out TestResult? result) ? result : throw new InvalidOperationException($"{project} did not run {test}:\n{Output}");

    /// <summary>The names of the files that a project's build put out.</summary>
    internal string[] FilesBuiltBy(string project)
    {
        string built = Path.Combine(_folder.FullName, project, "bin");
        return Directory.Exists(built) ? [.. Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories).Select(file => Path.GetFileName(file))] : [];
    }

    private void Write()
    {
        WriteFile("Directory.Build.props", $"""
            <Project>
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <LibraryVersion>{_version}</LibraryVersion>
              </PropertyGroup>
            </Project>
            """);
        WriteFile("NuGet.config", """<configuration><packageSources><add key="packed" value="feed" /></packageSources></configuration>""");
        WriteFile(".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.LSR0002.severity = none\n");
        WriteFile("Consumers.slnx", $"<Solution>{string.Concat(ConsumerProject.All.Select(project => $"""<Project Path="{project.Name}/{project.Name}.csproj" />"""))}</Solution>");
        foreach (ConsumerProject project in ConsumerProject.All)
        {
            WriteFile($"{project.Name}/{project.Name}.csproj", $"""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>{project.References}</ItemGroup></Project>""");
            WriteFile($"{project.Name}/{project.FileName}", project.Source);
        }
    }

    private void WriteFile(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static string AssemblyOf(ConsumerProject project) => Path.Combine(project.Name, "bin", "Debug", "net10.0", project.Name + ".dll");

    private void Read(XDocument report)
    {
        XNamespace schema = report.Root!.Name.Namespace;
        Dictionary<string, string> projects = report.Descendants(schema + "UnitTest").ToDictionary(
            test => test.Attribute("id")!.Value,
            test => Path.GetFileNameWithoutExtension(test.Element(schema + "TestMethod")!.Attribute("codeBase")!.Value));
        foreach (XElement result in report.Descendants(schema + "UnitTestResult"))
        {
            string test = result.Attribute("testName")!.Value.Split('.')[^1];
            _results[(projects[result.Attribute("testId")!.Value], test)] = new TestResult(result.Attribute("outcome")!.Value, result.Value);
        }
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LambdaStreamRunner.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}

/// <summary>How a test of a consumer ended.</summary>
/// <param name="Outcome">Passed or Failed.</param>
/// <param name="Message">What it said, with the place.</param>
internal sealed record TestResult(string Outcome, string Message);
