using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>What a test is about; a schedule makes one run of it.</summary>
internal sealed record TestScenario
{
    /// <summary>Virtual time begins here. In the past, so that code which asks another clock is found out.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Makes the handler for an execution environment.</summary>
    public required Func<ExecutionEnvironment, BoundFunction> HandlerOf { get; init; }

    public EventSourceMapping Mapping { get; init; } = new() { EventSourceArn = "orders", FunctionName = "function", Polling = PollingMode.Aws };

    public FunctionSettings Function { get; init; } = new() { FunctionName = "function" };

    public ImmutableArray<TestRecord> Records { get; init; } = [];

    public int Shards { get; init; } = 1;

    public FaultPlan Faults { get; init; } = Testing.Faults.None;

    /// <summary>True when discarded batches have a destination.</summary>
    public bool HasDestination { get; init; }

    /// <summary>True when the schedule assigns keys to lanes; false leaves it to the mapping's policy.</summary>
    public bool AssignsLanes { get; init; } = true;

    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>From the last put: how long everything may take to be settled.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a handler may do something else than wait for the clock, in real time.</summary>
    public TimeSpan RealTimeBudget { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>True when a wait that a guard may end is a wait for the clock.</summary>
    public bool GuardsMoveTime { get; init; }

    /// <summary>Shared by all runs of a test.</summary>
    public PoolUse PoolUse { get; init; } = new();

    public TimeSpan LastPut => Records.IsEmpty ? TimeSpan.Zero : Records[^1].At;
}
