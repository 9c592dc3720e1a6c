using System.Diagnostics;
using System.Globalization;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Histories.TimeLines;

/// <summary>Says in a few words what came of something.</summary>
internal sealed class StepWords(RecordLabels labels)
{
    /// <summary>An outcome: its sign, and its words.</summary>
    public (char Mark, string Text) Of(HistoryStep.InvocationStarted started, BatchOutcome outcome) => outcome switch
    {
        BatchOutcome.Succeeded => ('✓', "ok"),
        BatchOutcome.PartlyFailed { Problem: { } problem } => ('✗', OneLine(problem)),
        BatchOutcome.PartlyFailed partly when partly.LowestFailedIndex < started.Records.Length =>
            ('✗', $"failed from {labels.Of(started.ShardId, started.Records.Span[partly.LowestFailedIndex])}"),
        BatchOutcome.PartlyFailed => ('✗', "failed"),
        BatchOutcome.Failed failed => ('✗', OneLine(failed.Error)),
        BatchOutcome.Throttled throttled => ('⊘', $"throttled: {OneLine(throttled.Reason)}"),
        _ => throw new UnreachableException(),
    };

    /// <summary>A checkpoint.</summary>
    public string Of(string shardId, ShardCheckpoint checkpoint)
    {
        if (checkpoint.ShardEnded)
            return "at the end of the shard";
        ShardPosition position = checkpoint.Position;
        string where = position.Type switch
        {
            ShardIteratorType.TrimHorizon => "at the beginning",
            ShardIteratorType.AtSequenceNumber => $"at {NameOf(shardId, position.SequenceNumber)}",
            ShardIteratorType.AfterSequenceNumber => $"after {NameOf(shardId, position.SequenceNumber)}",
            _ => position.ToString(),
        };
        return checkpoint.Marks is { } marks && marks.SettledThrough > position.SequenceNumber ? $"{where}, with marks" : where;
    }

    /// <summary>Why a batch was given up.</summary>
    public static string Of(DiscardedBatch batch)
    {
        if (batch.Reason is DiscardReason.RecordAgeExceeded)
            return "too old";
        string tries = batch.ApproximateInvokeCount == 1 ? "1 try" : string.Create(CultureInfo.InvariantCulture, $"{batch.ApproximateInvokeCount} tries");
        return $"given up after {tries}";
    }

    /// <summary>"shard 3" for shardId-000000000003.</summary>
    public static string ShardOf(string shardId)
    {
        const string Prefix = "shardId-";
        bool isUsual = shardId.StartsWith(Prefix, StringComparison.Ordinal) && int.TryParse(shardId.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int _);
        return isUsual ? $"shard {int.Parse(shardId.AsSpan(Prefix.Length), CultureInfo.InvariantCulture)}" : shardId;
    }

    /// <summary>The first line of a text.</summary>
    public static string OneLine(string text)
    {
        int end = text.AsSpan().IndexOfAny('\r', '\n');
        string line = end < 0 ? text : text[..end];
        return string.Concat(line.Select(character => char.IsControl(character) ? ' ' : character));
    }

    /// <summary>As much of a text as there is room for.</summary>
    public static string Cut(string text, int width) => text.Length <= width ? text : width < 2 ? "" : $"{text[..(width - 1)]}…";

    private string NameOf(string shardId, SequenceNumber number) => labels.Find(shardId, number) ?? number.ToString();
}
