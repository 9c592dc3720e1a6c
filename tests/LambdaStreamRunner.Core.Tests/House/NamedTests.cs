using System.Text.RegularExpressions;

namespace LambdaStreamRunner.Core.Tests.House;

/// <summary>Tests that a document names. They are of several programs, so their sources have to do.</summary>
internal static class NamedTests
{
    private static readonly ILookup<string, string> Sources = Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
        .ToLookup(file => Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal);

    /// <summary>True when a class has a test of that name, in a file with the name of the class.</summary>
    public static bool Exists(string testClass, string test) => Sources[testClass].Any(file =>
    {
        string source = File.ReadAllText(file);
        Match declaration = Regex.Match(source, $@"public (async )?(void|Task) {test}\(");
        return declaration.Success && LastAttribute(source[..declaration.Index]);
    });

    // Between the attribute and the method there are only cases of a theory, or another attribute.
    private static bool LastAttribute(string before)
    {
        int attribute = Math.Max(before.LastIndexOf("[Fact", StringComparison.Ordinal), before.LastIndexOf("[Theory", StringComparison.Ordinal));
        return attribute >= 0 && !before[attribute..].Contains("\n    }", StringComparison.Ordinal);
    }
}
