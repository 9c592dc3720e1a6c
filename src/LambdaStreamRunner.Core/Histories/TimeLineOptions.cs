using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Histories;

/// <summary>What a <see cref="TimeLine"/> shows, and how large it may be.</summary>
public sealed record TimeLineOptions
{
    /// <summary>Only this shard; null (the default) shows all.</summary>
    public string? ShardId { get; init; }

    /// <summary>Only what has records of this partition key, and what happened to their shards; null (the default) shows all.</summary>
    public string? Key { get; init; }

    /// <summary>Only what was not over before; null (the default) shows from the beginning.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only what had begun by then; null (the default) shows to the end.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>What is said about single steps, such as a broken promise: each gets an arrow, and is shown whatever is left out around it.</summary>
    public ImmutableArray<TimeLineNote> Notes { get; init; } = [];

    /// <summary>What records are called; null (the default) names them by their key and place.</summary>
    public Func<StreamRecord, string>? LabelOf { get; init; }

    /// <summary>Most lines, notes not counted: of more, the middle is left out.</summary>
    /// <value>60 by default; at least 3.</value>
    public int LinesMax { get; init; } = 60;

    /// <summary>Columns of the longest line.</summary>
    /// <value>100 by default; at least 60.</value>
    public int Width { get; init; } = 100;
}

/// <summary>Something to say about one step.</summary>
/// <param name="StepIndex">The step's place in the history, from 0.</param>
/// <param name="Text">What to say.</param>
public readonly record struct TimeLineNote(int StepIndex, string Text);
