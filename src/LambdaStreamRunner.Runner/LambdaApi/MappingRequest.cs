using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Mappings;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>What a request that has passed all checks makes of a mapping.</summary>
internal static class MappingRequest
{
    /// <summary>The settings with those that the request names; null names nothing.</summary>
    public static MappingConfiguration Apply(MappingConfiguration mapping, JsonElement body, ImmutableArray<MappingProperty> properties)
    {
        foreach (MappingProperty property in properties)
        {
            if (body.TryGetProperty(property.Name, out JsonElement value) && value.ValueKind is not JsonValueKind.Null)
                mapping = property.Read(mapping, value);
        }
        return mapping;
    }

    /// <summary>The tags that the request names.</summary>
    public static ImmutableSortedDictionary<string, string> TagsIn(JsonElement body) =>
        body.TryGetProperty("Tags", out JsonElement tags) && tags.ValueKind is JsonValueKind.Object
            ? MappingModel.NoTags.SetItems(tags.EnumerateObject().Select(tag => KeyValuePair.Create(tag.Name, tag.Value.GetString()!)))
            : MappingModel.NoTags;
}
