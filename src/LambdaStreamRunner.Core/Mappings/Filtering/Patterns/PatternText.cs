using System.Text;
using System.Text.Json;

namespace LambdaStreamRunner.Core.Mappings.Filtering.Patterns;

/// <summary>Texts of a pattern: as bytes to compare with, and as places to tell people.</summary>
internal static class PatternText
{
    /// <summary>The place of a field: <c>data.user.id</c>.</summary>
    public static string Member(string place, string name) => place.Length == 0 ? name : $"{place}.{name}";

    /// <summary>A field's name.</summary>
    public static string Of(JsonProperty member, string place)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            throw Broken(place.Length == 0 ? "a name" : $"a name of {place}");
        }
    }

    /// <summary>A text's characters.</summary>
    public static byte[] Utf8Of(JsonElement text, string place)
    {
        try
        {
            return Encoding.UTF8.GetBytes(text.GetString()!);
        }
        catch (InvalidOperationException)
        {
            throw Broken(place);
        }
    }

    // JSON can escape half of a surrogate pair; there is no such character, and nothing that it could equal.
    private static InvalidPatternException Broken(string place) => new($"has half of a surrogate pair in {place}, which is no character.");
}
