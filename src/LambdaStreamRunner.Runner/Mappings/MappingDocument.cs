using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace LambdaStreamRunner.Runner.Mappings;

/// <summary>What the data folder keeps of a mapping that was made, changed or deleted over the API.</summary>
internal sealed record MappingDocument
{
    /// <summary>The mapping's UUID.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>EventSourceArn.</summary>
    public required string SourceArn { get; init; }

    /// <summary>FunctionArn, with its qualifier.</summary>
    public required string FunctionArn { get; init; }

    /// <summary>The values of its properties.</summary>
    public required JsonObject Properties { get; init; }

    /// <summary>What the configuration said of it when this was written; null when it said nothing: the mapping is the API's alone.</summary>
    public FileEntry? File { get; init; }

    /// <summary>It was deleted: its checkpoints go, and the entry of the file makes it no more until somebody edits it.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Its tags.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = MappingModel.NoTags;

    /// <summary>When it was changed.</summary>
    public DateTimeOffset LastModified { get; init; }

    /// <summary>The function that the mapping is known by in the file, whatever the API has made of it.</summary>
    public string KnownBy => File?.FunctionArn ?? FunctionArn;
}

/// <summary>An entry of EventSourceMappings in the configuration.</summary>
/// <param name="FunctionArn">Its function, with its qualifier.</param>
/// <param name="Properties">The values of its properties.</param>
internal sealed record FileEntry(string FunctionArn, JsonObject Properties)
{
    /// <summary>True when nobody has edited the entry in the meantime.</summary>
    public bool Says(FileEntry other) => FunctionArn == other.FunctionArn && Properties.ToJsonString() == other.Properties.ToJsonString();
}
