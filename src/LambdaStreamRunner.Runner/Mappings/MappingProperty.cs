using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Mappings;

/// <summary>One parameter of a mapping by AWS's name: how requests, answers and the data folder write it, and where it lives in the settings.</summary>
/// <param name="Name">As the Lambda API names it.</param>
/// <param name="Write">Its value; null when it has none.</param>
/// <param name="Read">The settings with another value; JSON's null takes the value away.</param>
internal sealed record MappingProperty(
    string Name, Func<MappingConfiguration, JsonNode?> Write, Func<MappingConfiguration, JsonElement, MappingConfiguration> Read)
{
    /// <summary>False: it belongs to CreateEventSourceMapping alone.</summary>
    public bool IsMutable { get; init; } = true;

    /// <summary>False: answers say it in another way.</summary>
    public bool IsShown { get; init; } = true;

    /// <summary>The values of all properties.</summary>
    public static JsonObject WriteAll(MappingConfiguration mapping)
    {
        var values = new JsonObject();
        foreach (MappingProperty property in MappingProperties.All)
            values.Add(property.Name, property.Write(mapping));
        return values;
    }

    /// <summary>The settings with the values that are there.</summary>
    public static MappingConfiguration ReadAll(MappingConfiguration mapping, JsonObject values) => ReadAll(mapping, values, MappingProperties.All);

    /// <inheritdoc cref="ReadAll(MappingConfiguration, JsonObject)"/>
    public static MappingConfiguration ReadAll(MappingConfiguration mapping, JsonObject values, ImmutableArray<MappingProperty> properties)
    {
        foreach (MappingProperty property in properties)
        {
            if (values.TryGetPropertyValue(property.Name, out JsonNode? value))
                mapping = property.Read(mapping, JsonSerializer.SerializeToElement(value));
        }
        return mapping;
    }
}
