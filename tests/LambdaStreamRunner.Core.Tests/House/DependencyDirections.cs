using System.Xml.Linq;

namespace LambdaStreamRunner.Core.Tests.House;

/// <summary>Dependencies point one way: the rules know nobody, the program knows everybody.</summary>
public class DependencyDirections
{
    private const string Prefix = "LambdaStreamRunner.";

    // A new room adds its line, and one that needs another neighbour changes it: both are decisions, not accidents.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Core"] = [],
        ["Simulation"] = ["Core"],
        ["Functions"] = ["Core"],
        ["StreamServer"] = ["Core"],
        ["Testing"] = ["Simulation", "Functions", "Core", "Testing.Analyzers", "Testing.CodeFixes"],
        ["Testing.Analyzers"] = [],
        ["Testing.CodeFixes"] = ["Testing.Analyzers"],
        ["Runner"] = ["StreamServer", "Functions", "Aggregation", "Core"],
        ["Aggregation"] = [],
        ["FunctionHost"] = ["Functions"],
        ["Host"] = ["Runner", "StreamServer", "Functions", "Simulation", "Testing", "Aggregation", "Core"],
    };

    public static TheoryData<string> Rooms => [.. Projects("src").Select(NameOf)];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_knows_only_its_neighbours(string room)
    {
        Assert.True(Allowed.ContainsKey(room), $"src/{Prefix}{room} is new: say in {nameof(DependencyDirections)} whom it may know.");
        Assert.Empty(ReferencesOf(Path.Combine(Repository.Root, "src", Prefix + room, $"{Prefix}{room}.csproj")).Except(Allowed[room]));
    }

    [Fact]
    public void Core_needs_no_package_and_no_framework_but_the_analyzer_of_the_house()
    {
        var core = XDocument.Load(Path.Combine(Repository.Root, "src", Prefix + "Core", Prefix + "Core.csproj"));

        Assert.DoesNotContain(core.Descendants(), element => element.Name.LocalName is "PackageReference" or "FrameworkReference" or "Reference");
    }

    [Fact]
    public void A_function_is_written_without_us() =>
        Assert.All(Projects("functions"), project => Assert.DoesNotContain(ReferencesOf(project), Allowed.ContainsKey));

    [Fact]
    public void No_two_rooms_know_each_other() =>
        Assert.All(Allowed, room => Assert.All(room.Value, other => Assert.DoesNotContain(room.Key, Allowed[other])));

    private static string[] Projects(string folder) =>
        Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories);

    // A program that is only laid beside another one is not known to it.
    private static IEnumerable<string> ReferencesOf(string project) => XDocument.Load(project).Descendants("ProjectReference")
        .Where(reference => reference.Attribute("ReferenceOutputAssembly")?.Value != "false")
        .Select(reference => NameOf(reference.Attribute("Include")!.Value));

    private static string NameOf(string project)
    {
        string name = Path.GetFileNameWithoutExtension(project.Replace('\\', '/'));
        return name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
    }
}
