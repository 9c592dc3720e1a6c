using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Histories;

/// <summary>An invocation from its start to its end, as one thing.</summary>
/// <param name="Started">Its start.</param>
/// <param name="Ended">Its end; null when it still ran at the end of the history, or its machine crashed.</param>
public sealed record Invocation(HistoryStep.InvocationStarted Started, HistoryStep.InvocationEnded? Ended)
{
    /// <summary>When it started.</summary>
    public DateTimeOffset Time => Started.Time;

    /// <summary>When it ended; null when it did not.</summary>
    public DateTimeOffset? End => Ended?.Time;

    /// <summary>Its shard.</summary>
    public string ShardId => Started.ShardId;

    /// <summary>Its lane.</summary>
    public int Lane => Started.Lane;

    /// <summary>What the function saw as AwsRequestId.</summary>
    public Guid RequestId => Started.RequestId;

    /// <summary>Its records.</summary>
    public ReadOnlySpan<StreamRecord> Records => Started.Records.Span;

    /// <summary>What it was told about its tumbling window; null without windows.</summary>
    public TimeWindow? Window => Started.Window;

    /// <summary>How it ended; null when it did not.</summary>
    public BatchOutcome? Outcome => Ended?.Outcome;

    /// <summary>The invocations of a history, by their start.</summary>
    public static IReadOnlyList<Invocation> Of(IEnumerable<HistoryStep> steps)
    {
        var invocations = new List<Invocation>();
        var running = new Dictionary<(string ShardId, Guid RequestId), int>();
        foreach (HistoryStep step in steps)
        {
            if (step is HistoryStep.InvocationStarted started)
            {
                running[(started.ShardId, started.RequestId)] = invocations.Count;
                invocations.Add(new Invocation(started, null));
            }
            else if (step is HistoryStep.InvocationEnded ended && running.Remove((ended.ShardId, ended.RequestId), out int index))
            {
                invocations[index] = invocations[index] with { Ended = ended };
            }
        }
        return invocations;
    }
}
