using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Storage;

namespace LambdaStreamRunner.Runner.Checkpoints;

/// <summary>Keeps checkpoints beside the records that they are about: in the same log, so that none is ever ahead of what a crash leaves.</summary>
public sealed class StoredCheckpoints(StreamStore store) : ICheckpointStore
{
    private static readonly JsonSerializerOptions Json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,  // nobody shows it in a page, and a window's state is full of quotes
        Converters = { new JsonStringEnumConverter() },
    };

    /// <inheritdoc/>
    public ValueTask<ShardCheckpoint?> LoadAsync(CheckpointKey key, CancellationToken cancellation) =>
        ValueTask.FromResult(store.Find(NameOf(key)) is { } kept ? JsonSerializer.Deserialize<Document>(kept, Json)!.ToCheckpoint() : null);

    /// <inheritdoc/>
    public async ValueTask SaveAsync(CheckpointKey key, ShardCheckpoint checkpoint, CancellationToken cancellation) =>
        await store.SaveAsync(NameOf(key), JsonSerializer.SerializeToUtf8Bytes(Document.Of(checkpoint), Json)).WaitAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string mapping, CancellationToken cancellation) =>
        await store.DeleteAsync(NameOf(mapping)).WaitAsync(cancellation);

    private static string NameOf(string mapping) => $"checkpoint {mapping} ";

    private static string NameOf(CheckpointKey key) =>
        string.Create(CultureInfo.InvariantCulture, $"{NameOf(key.Mapping)}{key.StreamCreatedMilliseconds} {key.ShardId}");

    // A user record of an aggregated record has its place there behind a dot.
    private static string TextOf(SequenceNumber number) =>
        number.SubSequenceNumber == 0 ? number.ToString() : string.Create(CultureInfo.InvariantCulture, $"{number}.{number.SubSequenceNumber}");

    private static SequenceNumber NumberOf(string text)
    {
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? SequenceNumber.Parse(text) : SequenceNumber.Parse(text.AsSpan(0, dot)).WithSubSequenceNumber(uint.Parse(text.AsSpan(dot + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>A checkpoint as it is kept: numbers as texts, since a JSON number has too few digits.</summary>
    private sealed record Document(ShardIteratorType Type, string? SequenceNumber, long TimestampMilliseconds, bool ShardEnded, Marks? Marks, Window? Window)
    {
        public static Document Of(ShardCheckpoint checkpoint) => new(
            checkpoint.Position.Type,
            checkpoint.Position.SequenceNumber == default ? null : TextOf(checkpoint.Position.SequenceNumber),
            checkpoint.Position.TimestampMilliseconds,
            checkpoint.ShardEnded,
            checkpoint.Marks is { } marks ? StoredCheckpoints.Marks.Of(marks) : null,
            checkpoint.Window is { } window ? new Window(window.Start, window.End, Encoding.UTF8.GetString(window.State.Span)) : null);

        public ShardCheckpoint ToCheckpoint() => new(Position(), Marks?.ToMarks(), ShardEnded) { Window = Window?.ToWindow() };

        private ShardPosition Position()
        {
            SequenceNumber number = SequenceNumber is null ? default : NumberOf(SequenceNumber);
            return Type switch
            {
                ShardIteratorType.AtSequenceNumber => ShardPosition.At(number),
                ShardIteratorType.AfterSequenceNumber => ShardPosition.After(number),
                ShardIteratorType.AtTimestamp => ShardPosition.AtTimestamp(DateTimeOffset.FromUnixTimeMilliseconds(TimestampMilliseconds)),
                ShardIteratorType.Latest => ShardPosition.Latest,
                _ => ShardPosition.TrimHorizon,
            };
        }
    }

    private sealed record Marks(LanePolicy LanePolicy, int ParallelizationFactor, string SettledThrough, ImmutableArray<Mark> FirstUnsettled)
    {
        public static Marks Of(LaneMarks marks) => new(
            marks.LanePolicy, marks.ParallelizationFactor, TextOf(marks.SettledThrough),
            [.. marks.FirstUnsettled.Select(mark => new Mark(mark.Group, TextOf(mark.FirstUnsettled)))]);

        public LaneMarks ToMarks() => new(
            LanePolicy, ParallelizationFactor, NumberOf(SettledThrough),
            FirstUnsettled.IsDefault ? [] : [.. FirstUnsettled.Select(mark => new LaneMark(mark.Group, NumberOf(mark.FirstUnsettled)))]);
    }

    // The state is a text here, so that not a byte of it changes.
    private sealed record Window(DateTimeOffset Start, DateTimeOffset End, string State)
    {
        public TumblingWindow ToWindow() => new(Start, End, Encoding.UTF8.GetBytes(State));
    }

    private sealed record Mark(UInt128 Group, string FirstUnsettled);
}
