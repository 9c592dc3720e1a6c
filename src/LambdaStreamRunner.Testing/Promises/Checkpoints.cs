using System.Collections.Immutable;
using LambdaStreamRunner.Core.Guarantees;

namespace LambdaStreamRunner.Testing;

/// <summary>Promises about where a mapping goes on after a stop or a crash.</summary>
public static class Checkpoints
{
    /// <summary>Every record before a checkpoint is settled.</summary>
    public static Promise NeverPassUnsettledWork { get; } = new(
        "Checkpoints.NeverPassUnsettledWork",
        "Every record before a checkpoint is settled, and what was discarded has reached its destination.",
        AwsPages.Mappings,
        [ViolationKind.CheckpointPastUnsettled, ViolationKind.CheckpointPastUnseen]);

    /// <summary>A checkpoint never moves back.</summary>
    public static Promise NeverMoveBack { get; } = new(
        "Checkpoints.NeverMoveBack",
        "A checkpoint never moves back: a mapping goes on after the last record that it processed.",
        AwsPages.Mappings,
        [ViolationKind.CheckpointMovedBack]);

    /// <summary>All of these.</summary>
    public static ImmutableArray<Promise> All { get; } = [NeverPassUnsettledWork, NeverMoveBack];
}
