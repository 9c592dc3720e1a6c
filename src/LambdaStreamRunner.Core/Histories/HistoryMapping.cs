using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Core.Histories;

/// <summary>A mapping as a history tells of it: its settings, and what its machines were told besides.</summary>
public sealed record HistoryMapping
{
    /// <summary>Its name, such as "clicks → AccessLog".</summary>
    public string Name { get; init; } = "";

    /// <summary>The settings.</summary>
    public EventSourceMapping Settings { get; init; } = new();

    /// <summary>Longest time of one invocation; null when it is not known.</summary>
    public TimeSpan? FunctionTimeout { get; init; }

    /// <summary>Where discarded batches go, for people; null for nowhere.</summary>
    public string? OnFailure { get; init; }

    /// <summary>How long the stream keeps records.</summary>
    /// <value>24 hours by default.</value>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    /// <inheritdoc cref="ShardContext.FixedRecordLength"/>
    public int FixedRecordLength { get; init; }

    /// <inheritdoc cref="ShardContext.FixedWindowLength"/>
    public int FixedWindowLength { get; init; }
}
