using System.Text.Json;
using LambdaStreamRunner.Core.Measures;

namespace LambdaStreamRunner.Host.Tuning;

/// <summary>Members of a JSON file that people write: comments are allowed, unknown names are not.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The members of the object that a file is.</summary>
    /// <exception cref="FormatException">It is none, or cannot be read; the message names the file.</exception>
    public static JsonElement Read(string file)
    {
        try
        {
            return Parse(File.ReadAllText(file), file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"'{file}' cannot be read: {unreadable.Message}");
        }
    }

    /// <inheritdoc cref="Read"/>
    public static JsonElement Parse(string text, string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, Options);
            return document.RootElement.ValueKind is JsonValueKind.Object ? document.RootElement.Clone() : throw new FormatException($"{file} is no JSON object.");
        }
        catch (JsonException bad)
        {
            throw new FormatException($"{file} is not JSON: {bad.Message}");
        }
    }

    /// <summary>Complains about names that are not known, and about names that come twice.</summary>
    /// <exception cref="FormatException">There is one.</exception>
    public static void CheckNames(JsonElement element, string place, IReadOnlyCollection<string> known)
    {
        HashSet<string> seen = [];
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!known.Contains(property.Name))
                throw new FormatException($"{place} has the unknown name '{property.Name}'; the nearest is {Nearest(property.Name, known)}. There are: {string.Join(", ", known)}.");
            if (!seen.Add(property.Name))
                throw new FormatException($"{place} has '{property.Name}' twice; leave the one that is meant.");
        }
    }

    private static string Nearest(string name, IEnumerable<string> known) => known.MinBy(candidate => NearestName.Slips(candidate, name))!;
}
