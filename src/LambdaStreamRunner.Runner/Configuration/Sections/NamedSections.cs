using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>An object whose names are the user's own: streams, functions, environment variables.</summary>
internal static class NamedSections
{
    /// <summary>Its members without repetitions; each repetition is an error.</summary>
    public static IEnumerable<JsonMember> DistinctMembers(this JsonValue.Object at, Problems problems)
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (JsonMember member in at.Members)
        {
            if (lines.TryAdd(member.Name, member.Line))
                yield return member;
            else
                problems.Error(new ConfigurationProblem(member.Value.Path, member.Line, $"is there twice, first in line {lines[member.Name]}. Remove one."));
        }
    }

    /// <summary>Its members that are objects, read as sections; anything else is an error.</summary>
    public static IEnumerable<(string Name, Section Section)> NamedBy(this JsonValue.Object at, SectionNames names, Problems problems)
    {
        foreach (JsonMember member in at.DistinctMembers(problems))
        {
            if (member.Value is JsonValue.Object found)
                yield return (member.Name, new Section(found, names, problems));
            else
                problems.Error(member.Value, $"is {member.Value.Quoted}; write an object in braces.");
        }
    }

    /// <summary>Items of a list that are objects, read as sections; anything else is an error.</summary>
    public static IEnumerable<Section> Sections(this JsonValue.Array at, SectionNames names, Problems problems)
    {
        foreach (JsonValue item in at.Items)
        {
            if (item is JsonValue.Object found)
                yield return new Section(found, names, problems);
            else
                problems.Error(item, $"is {item.Quoted}; write an object in braces.");
        }
    }
}
