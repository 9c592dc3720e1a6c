namespace LambdaStreamRunner.Functions.Tests.Building;

/// <summary>A function as a user writes it, in a temporary folder: a project, a library beside it, and properties above both.</summary>
internal sealed class ProjectFolder : IDisposable
{
    public const string Handler = "Shop::Shop.Function::Handle";

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
          </PropertyGroup>
          {0}
        </Project>
        """;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("functions-");

    public ProjectFolder()
    {
        Write("Directory.Build.props", "<Project />");
        Write("Library/Library.csproj", Project.Replace("{0}", "", StringComparison.Ordinal));
        Write("Library/Greeter.cs", "namespace Library; public static class Greeter { public static string Hello => \"hello\"; }");
        Write("Shop/Shop.csproj", Project.Replace("{0}", "<ItemGroup><ProjectReference Include=\"../Library/Library.csproj\" /></ItemGroup>", StringComparison.Ordinal));
        Write("Shop/Function.cs", """
            namespace Shop;
            public class Function
            {
                public System.IO.Stream Handle(System.IO.Stream input) => new System.IO.MemoryStream(System.Text.Encoding.UTF8.GetBytes(Library.Greeter.Hello));
            }
            """);
        Write("Shop/Spare.cs", "namespace Shop; public class Spare;");
    }

    public string CodeUri => PathOf("Shop");

    public string PathOf(string relative) => Path.Combine(_root.FullName, relative);

    public void Write(string relative, string text)
    {
        string path = PathOf(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>A shell script that can be executed; the answer is its full path.</summary>
    public string WriteProgram(string relative, string script)
    {
        Write(relative, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(PathOf(relative), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return PathOf(relative);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
