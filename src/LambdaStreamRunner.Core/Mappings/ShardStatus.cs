using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings;

/// <summary>Where a machine stands, for people and for those who wait for it.</summary>
/// <param name="LastRead">Highest number that was read; null before the first record.</param>
/// <param name="LowestUnsettled">Lowest number that was read and is not settled; null when all are.</param>
/// <param name="HeldRecords">Records read and not resolved.</param>
/// <param name="Lanes">The lanes that have records.</param>
public sealed record ShardStatus(
    SequenceNumber? LastRead, SequenceNumber? LowestUnsettled, int HeldRecords, ImmutableArray<LaneStatus> Lanes)
{
    /// <summary>The tumbling window that is open; null when there is none.</summary>
    public TumblingWindow? Window { get; init; }
}

/// <summary>Where a lane stands.</summary>
/// <param name="Lane">Its number.</param>
/// <param name="State">What it does.</param>
/// <param name="FirstRecord">Its lowest unsettled record; null when it ends a tumbling window.</param>
/// <param name="Attempts">Failed attempts at the part whose turn it is.</param>
/// <param name="NextAttempt">When that is tried again; null unless it waits.</param>
public sealed record LaneStatus(int Lane, LaneState State, StreamRecord? FirstRecord, int Attempts, DateTimeOffset? NextAttempt);

/// <summary>What a lane does.</summary>
public enum LaneState
{
    /// <summary>The function is running.</summary>
    Running,

    /// <summary>A failed batch waits for its next try.</summary>
    BackingOff,
}
