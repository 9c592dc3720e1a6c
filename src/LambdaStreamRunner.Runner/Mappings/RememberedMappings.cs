using System.Collections.Immutable;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Mappings;

/// <summary>Brings the mappings of the configuration together with what the API made of them, and of others, in earlier runs.</summary>
/// <remarks>
/// A mapping of the file is known by its source and function there. Property by property, what was edited in the file since
/// wins; otherwise what was changed over the API stays. A deleted one stays deleted until its entry is edited.
/// </remarks>
internal sealed class RememberedMappings(ImmutableArray<MappingDocument> documents, MappingLookup lookup)
{
    private readonly List<MappingDocument> _rest = [.. documents];

    /// <summary>What there is no mapping for now: deleted ones, and those of a file that named them once.</summary>
    public IReadOnlyList<MappingDocument> Rest => _rest;

    /// <summary>The mappings: those of the file in its order, then those of the API in the order in which they were made.</summary>
    public IReadOnlyList<RememberedMapping> Recall(ImmutableArray<MappingConfiguration> configured)
    {
        List<RememberedMapping> mappings = [];
        foreach (MappingConfiguration entry in configured)
        {
            if (Recall(entry) is { } mapping)
                mappings.Add(mapping);
        }
        foreach (MappingDocument document in _rest.Where(document => document is { File: null, IsDeleted: false }).ToArray())
        {
            _rest.Remove(document);
            mappings.Add(new RememberedMapping(MadeByApi(document), File: null, document));
        }
        return mappings;
    }

    private RememberedMapping? Recall(MappingConfiguration entry)
    {
        var file = new FileEntry(entry.FunctionArn, MappingProperty.WriteAll(entry));
        // By source and function: a mapping that the API made has another UUID than the entry would have.
        MappingDocument? deleted = _rest.Find(
            document => document.IsDeleted && document.SourceArn == entry.SourceArn && document.File?.FunctionArn == entry.FunctionArn);
        if (_rest.Find(document => !document.IsDeleted && document.SourceArn == entry.SourceArn && document.KnownBy == entry.FunctionArn) is { } kept)
        {
            _rest.Remove(kept);
            FileEntry? before = kept.File ?? deleted?.File;   // deleted and made again over the API: the entry was known then
            LetGo(deleted);
            return new RememberedMapping(Merge(entry, file, kept, before), file, kept);
        }
        if (deleted?.File!.Says(file) == true)
            return null;
        LetGo(deleted);
        return new RememberedMapping(entry, file, Document: null);
    }

    // The entry makes a mapping again: of the deleted one, only the checkpoints are still to go.
    private void LetGo(MappingDocument? deleted)
    {
        if (deleted is not null)
            _rest[_rest.IndexOf(deleted)] = deleted with { File = null };
    }

    private MappingConfiguration Merge(MappingConfiguration entry, FileEntry file, MappingDocument kept, FileEntry? before)
    {
        entry = entry with { Uuid = kept.Uuid };
        if (before is null)
            return entry;                                     // made over the API, and now in the file: it says everything for the first time
        var unedited = new JsonObject();
        foreach ((string name, JsonNode? value) in kept.Properties)
        {
            if (TextOf(file.Properties[name]) == TextOf(before.Properties[name]))
                unedited.Add(name, value?.DeepClone());
        }
        MappingConfiguration merged = MappingProperty.ReadAll(entry, unedited);
        return before.FunctionArn == file.FunctionArn && kept.FunctionArn != file.FunctionArn ? Calling(merged, kept.FunctionArn) : merged;
    }

    private MappingConfiguration MadeByApi(MappingDocument document)
    {
        StreamConfiguration stream = lookup.FindSource(document.SourceArn) ?? MappingLookup.GoneSource(document.SourceArn);
        (FunctionConfiguration function, string? qualifier) = lookup.FindFunction(document.FunctionArn) ?? MappingLookup.GoneFunction(document.FunctionArn);
        var mapping = new MappingConfiguration
        {
            Settings = new() { EventSourceArn = document.SourceArn, FunctionName = function.Name, Polling = lookup.PollingOf(document.SourceArn) },
            Stream = stream,
            Function = function,
            Qualifier = qualifier,
            Uuid = document.Uuid,
            Endpoints = lookup.Configuration.Endpoints,
        };
        return MappingProperty.ReadAll(mapping, document.Properties);
    }

    private MappingConfiguration Calling(MappingConfiguration mapping, string functionArn)
    {
        (FunctionConfiguration function, string? qualifier) = lookup.FindFunction(functionArn) ?? MappingLookup.GoneFunction(functionArn);
        return mapping with { Settings = mapping.Settings with { FunctionName = function.Name }, Function = function, Qualifier = qualifier };
    }

    private static string TextOf(JsonNode? value) => value?.ToJsonString() ?? "null";
}

/// <summary>A mapping as a run begins with it.</summary>
/// <param name="Configuration">Its settings.</param>
/// <param name="File">What the file says of it; null when it is the API's alone.</param>
/// <param name="Document">What was kept of it; null when the API never touched it.</param>
internal sealed record RememberedMapping(MappingConfiguration Configuration, FileEntry? File, MappingDocument? Document);
