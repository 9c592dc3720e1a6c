using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LambdaStreamRunner.StreamServer.Storage;

namespace LambdaStreamRunner.Runner.Mappings;

/// <summary>Keeps the documents of all mappings as one entry of the data folder: a crash leaves them as they were before a change, or after it.</summary>
/// <param name="store">The folder; null when everything lives in memory, and nothing is kept.</param>
internal sealed class StoredMappings(StreamStore? store)
{
    private const string Name = "event source mappings";

    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    /// <summary>What was kept.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    public ImmutableArray<MappingDocument> Load()
    {
        if (store?.Find(Name) is not { } kept)
            return [];
        try
        {
            return [.. JsonSerializer.Deserialize<MappingDocument[]>(kept, Json)!.Select(Ordered)];
        }
        catch (JsonException unreadable)
        {
            throw new StorageException($"What the data folder knows of the mappings cannot be read: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>Keeps them; when the task ends well, they are safe.</summary>
    /// <exception cref="StorageException">In the task: they could not be written.</exception>
    public Task SaveAsync(IEnumerable<MappingDocument> documents) =>
        store?.SaveAsync(Name, JsonSerializer.SerializeToUtf8Bytes(documents.ToArray(), Json)) ?? Task.CompletedTask;

    // The serializer makes dictionaries in the order of the culture.
    private static MappingDocument Ordered(MappingDocument document) => document with { Tags = document.Tags.WithComparers(StringComparer.Ordinal) };
}
