using System.Text.RegularExpressions;

namespace LambdaStreamRunner.Core.Tests.House;

/// <summary>
/// Usings stand where <c>dotnet format</c> puts them: namespaces, those of System first, then static ones, then aliases. No
/// diagnostic of the compiler says so, and dotnet format needs a minute to find out.
/// </summary>
public partial class UsingsInOrder
{
    private static readonly string[] Folders = ["src", "tests", "functions"];

    [Fact]
    public void Every_file_has_its_usings_in_order()
    {
        string[] files = [.. Folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))];

        Assert.True(files.Length > 500, $"{files.Length} files were looked at.");
        Assert.Empty(files.Where(file => !IsInOrder(File.ReadLines(file))).Select(file => Path.GetRelativePath(Repository.Root, file)));
    }

    [Theory]
    [InlineData(true, "using System;", "using System.Text;", "using Amazon.Lambda;", "using Xunit;", "using static System.Math;", "using Own = Xunit.Assert;")]
    [InlineData(true, "// About it.", "using A;", "", "using A.B;", "using Ab;", "namespace X;", "using (stream)", "using B;")]
    [InlineData(false, "using System.Text;", "using System.Linq;")]
    [InlineData(false, "using Amazon.Lambda;", "using System;")]
    [InlineData(false, "using Ab;", "using A.B;")]
    [InlineData(false, "using static System.Math;", "using System;")]
    [InlineData(false, "using Own = Xunit.Assert;", "using static System.Math;")]
    public void An_order_is_right_or_wrong(bool isRight, params string[] lines) => Assert.Equal(isRight, IsInOrder(lines));

    private static bool IsInOrder(IEnumerable<string> lines)
    {
        string[][] usings = [.. lines.TakeWhile(line => Head().IsMatch(line)).Select(line => Using().Match(line)).Where(line => line.Success).Select(KeyOf)];
        return usings.Zip(usings.Skip(1)).All(pair => Compare(pair.First, pair.Second) <= 0);
    }

    // What decides first comes first: the kind, System or not, and the name part by part.
    private static string[] KeyOf(Match line)
    {
        string kind = line.Groups["alias"].Success ? "2" : line.Groups["static"].Success ? "1" : "0";
        string[] name = (line.Groups["alias"].Success ? line.Groups["alias"] : line.Groups["name"]).Value.Split('.');
        return [kind, name[0] == "System" ? "0" : "1", .. name];
    }

    private static int Compare(string[] one, string[] other)
    {
        int different = one.Zip(other, StringComparer.OrdinalIgnoreCase.Compare).FirstOrDefault(compared => compared != 0);
        return different != 0 ? different : one.Length - other.Length;
    }

    /// <summary>Lines that may stand before and between usings.</summary>
    [GeneratedRegex(@"^\s*$|^//|^#|^using [^(]*;|^global using ")]
    private static partial Regex Head();

    [GeneratedRegex(@"^using (?<static>static )?(?:(?<alias>\w+) = )?(?<name>[^;]+);")]
    private static partial Regex Using();
}
