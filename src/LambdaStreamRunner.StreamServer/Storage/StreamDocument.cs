using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>What is kept of a stream beside its records; no ARN when it is the one that its name stands for.</summary>
internal sealed record StreamDocument(
    string Name, DateTimeOffset Created, StreamSettings Settings, ImmutableArray<ShardDocument> Shards, Transition? Transition, string? Arn = null)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="StorageException">It is something else.</exception>
    public static StreamDocument Read(ReadOnlySpan<byte> json)
    {
        try
        {
            StreamDocument document = JsonSerializer.Deserialize<StreamDocument>(json, Json) ?? throw new JsonException("null is no stream");
            return document with { Settings = Ordered(document.Settings) };
        }
        catch (JsonException unreadable)
        {
            throw new StorageException($"What the data folder knows of a stream cannot be read: {unreadable.Message}", unreadable);
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    // The serializer makes dictionaries in the order of the culture.
    private static StreamSettings Ordered(StreamSettings settings) => settings with
    {
        Tags = settings.Tags.WithComparers(StringComparer.Ordinal),
        Consumers = [.. settings.Consumers.Select(consumer => consumer with { Tags = consumer.Tags.WithComparers(StringComparer.Ordinal) })],
    };
}

/// <summary>A shard as it is kept; where it stands is found at its last block.</summary>
internal sealed record ShardDocument(
    UInt128 StartingHashKey, UInt128 EndingHashKey, long CreatedSeconds, int? Parent, int? AdjacentParent, string? EndingSequenceNumber)
{
    public static ShardDocument Of(Shard shard)
    {
        ShardState state = ShardState.Of(shard);
        return new ShardDocument(
            state.HashKeyRange.StartingHashKey, state.HashKeyRange.EndingHashKey, state.CreatedSeconds,
            state.ParentIndex, state.AdjacentParentIndex, state.EndingSequenceNumber?.ToString());
    }

    public ShardState ToState(ShardTail tail) => new(
        new HashKeyRange(StartingHashKey, EndingHashKey), CreatedSeconds, Parent, AdjacentParent,
        EndingSequenceNumber is null ? null : SequenceNumber.Parse(EndingSequenceNumber), tail);
}
