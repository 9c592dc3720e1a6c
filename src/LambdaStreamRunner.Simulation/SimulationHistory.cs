using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Simulation;

/// <summary>Everything that a simulated mapping did, in order.</summary>
public sealed class SimulationHistory
{
    private readonly List<SimulatedStep> _steps = [];

    /// <summary>All of it.</summary>
    public IReadOnlyList<SimulatedStep> Steps => _steps;

    /// <summary>The invocations, by their start.</summary>
    public IEnumerable<SimulatedStep.InvocationStarted> Invocations => _steps.OfType<SimulatedStep.InvocationStarted>();

    /// <summary>The discarded batches.</summary>
    public IEnumerable<SimulatedStep.Discarded> Discards => _steps.OfType<SimulatedStep.Discarded>();

    /// <summary>The checkpoints saved.</summary>
    public IEnumerable<SimulatedStep.CheckpointSaved> Checkpoints => _steps.OfType<SimulatedStep.CheckpointSaved>();

    internal void Add(SimulatedStep step) => _steps.Add(step);
}

/// <summary>One thing that a simulated mapping did.</summary>
/// <param name="Time">When.</param>
/// <param name="Shard">On which shard.</param>
public abstract record SimulatedStep(DateTimeOffset Time, int Shard)
{
    /// <summary>An invocation began, or was throttled.</summary>
    public sealed record InvocationStarted(
        DateTimeOffset Time, int Shard, int Number, int Lane, Guid RequestId, StreamRecord[] Records, BatchOutcome Outcome, TimeSpan Duration)
        : SimulatedStep(Time, Shard)
    {
        /// <summary>When it ends.</summary>
        public DateTimeOffset End => Time + Duration;

        /// <summary>What it was told about its tumbling window; null without windows.</summary>
        public TimeWindow? Window { get; init; }
    }

    /// <summary>An invocation ended.</summary>
    public sealed record InvocationEnded(DateTimeOffset Time, int Shard, int Number, BatchOutcome Outcome) : SimulatedStep(Time, Shard);

    /// <summary>Records that no filter wanted were passed: neighbours on the shard.</summary>
    public sealed record Filtered(DateTimeOffset Time, int Shard, StreamRecord[] Records) : SimulatedStep(Time, Shard);

    /// <summary>A batch was given up.</summary>
    public sealed record Discarded(DateTimeOffset Time, int Shard, DiscardedBatch Batch) : SimulatedStep(Time, Shard);

    /// <summary>A checkpoint was stored.</summary>
    public sealed record CheckpointSaved(DateTimeOffset Time, int Shard, ShardCheckpoint Checkpoint) : SimulatedStep(Time, Shard);

    /// <summary>The machine was done.</summary>
    public sealed record Closed(DateTimeOffset Time, int Shard, CloseReason Reason) : SimulatedStep(Time, Shard);
}
