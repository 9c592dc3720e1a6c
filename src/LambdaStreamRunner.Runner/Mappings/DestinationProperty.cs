using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Mappings;

/// <summary>DestinationConfig as the API writes it: OnFailure is there always, its Destination when there is one.</summary>
internal static class DestinationProperty
{
    /// <summary>What a destination in a file of this machine begins with; requests cannot name one.</summary>
    public const string FileScheme = "file:";

    public static MappingProperty Make() => new("DestinationConfig", Write, Read);

    /// <summary>The destination of discarded batches as text; empty for none.</summary>
    public static string TextOf(MappingConfiguration mapping) => mapping.OnFailure switch
    {
        null => "",
        OnFailureDestination.File file => FileScheme + file.Path,
        OnFailureDestination remote => remote.ToString()!,
    };

    /// <summary>The Destination that a DestinationConfig names: empty to remove it, null when it names none.</summary>
    public static string? TextIn(JsonElement config) =>
        config.ValueKind is JsonValueKind.Object && config.TryGetProperty("OnFailure", out JsonElement onFailure)
            && onFailure.ValueKind is JsonValueKind.Object && onFailure.TryGetProperty("Destination", out JsonElement destination)
            ? destination.GetString()
            : null;

    private static JsonObject Write(MappingConfiguration mapping)
    {
        var onFailure = new JsonObject();
        if (TextOf(mapping) is { Length: > 0 } text)
            onFailure.Add("Destination", text);
        return new JsonObject { ["OnFailure"] = onFailure };
    }

    // A config without a destination means none: UpdateEventSourceMapping replaces the whole.
    private static MappingConfiguration Read(MappingConfiguration mapping, JsonElement config) => mapping with
    {
        OnFailure = TextIn(config) switch
        {
            null or "" => null,
            ['f', 'i', 'l', 'e', ':', .. var path] => new OnFailureDestination.File(path),
            var arn => Resolve(arn, mapping.Endpoints),
        },
    };

    // Requests were looked at before; what an earlier run kept may have lost its endpoint since.
    private static OnFailureDestination Resolve(string arn, ServiceEndpoints endpoints) =>
        OnFailureDestination.TryParse(arn, endpoints, out string? complaint) is { } destination ? destination : new OnFailureDestination.Unresolved(arn, complaint!);
}
