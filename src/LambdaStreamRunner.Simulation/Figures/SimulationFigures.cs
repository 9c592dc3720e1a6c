using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings.Batching;

namespace LambdaStreamRunner.Simulation.Figures;

/// <summary>What a run of a simulation measured. Durations are virtual; those in a <see cref="Distribution"/> are milliseconds.</summary>
public sealed record SimulationFigures
{
    /// <summary>False: the backlog grew past the plan's bound, and the run was ended. The other figures tell how far it came.</summary>
    public required bool IsStable { get; init; }

    /// <summary>Records put, as everything here without those of the warm-up.</summary>
    public required long Records { get; init; }

    /// <summary>Records that an invocation settled.</summary>
    public required long Succeeded { get; init; }

    /// <summary>Records given up, by retries or age.</summary>
    public required long Discarded { get; init; }

    /// <summary>Records given up because their record age was exceeded; part of <see cref="Discarded"/>.</summary>
    public required long DiscardedByAge { get; init; }

    /// <summary>Records given up for no fault of theirs: retries were spent on a batch that they shared with one that always fails. Part of <see cref="Discarded"/>.</summary>
    public required long InnocentCasualties { get; init; }

    /// <summary>Records that left retention unprocessed.</summary>
    public required long Expired { get; init; }

    /// <summary>Deliveries of records to the function, repetitions included.</summary>
    public required long Deliveries { get; init; }

    /// <summary>Deliveries beyond the first of each record.</summary>
    public required long DuplicateDeliveries { get; init; }

    /// <summary>Invocations that ran, without throttled ones.</summary>
    public required long Invocations { get; init; }

    /// <summary>Invocations that failed, wholly or partly.</summary>
    public required long FailedInvocations { get; init; }

    /// <summary>Invocations refused for lack of concurrency.</summary>
    public required long Throttles { get; init; }

    /// <summary>Invocations that had to wait for a new execution environment.</summary>
    public required long ColdStarts { get; init; }

    /// <summary>Invocations of a batch that had been invoked before.</summary>
    public required long Retries { get; init; }

    /// <summary>Batches that were cut in two.</summary>
    public required long Bisections { get; init; }

    /// <summary>Sum of the invocations' durations, as they are billed.</summary>
    public required TimeSpan Billed { get; init; }

    /// <summary>Bytes of payload and key that were put.</summary>
    public required long Bytes { get; init; }

    /// <summary>PUT payload units of 25 KB, as Kinesis counts them for a bill.</summary>
    public required long PutUnits { get; init; }

    /// <summary>From the first record to the last settlement.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>From the last record to the last settlement.</summary>
    public required TimeSpan DrainTime { get; init; }

    /// <summary>Age of a batch's last record when the function gets it: AWS's IteratorAge.</summary>
    public required Distribution IteratorAge { get; init; }

    /// <summary>From arrival to settlement, one for each record that succeeded.</summary>
    public required Distribution Latency { get; init; }

    /// <summary>The same, split.</summary>
    public required LatencyParts LatencyParts { get; init; }

    /// <summary>Invocations at the same time.</summary>
    public required ConcurrencyFigures Concurrency { get; init; }

    /// <summary>Batches as they were gathered.</summary>
    public required BatchFigures Batches { get; init; }

    /// <summary>Every lane, by shard and number.</summary>
    public required ImmutableArray<LaneFigures> Lanes { get; init; }

    /// <summary>The busiest keys with their share of the records, the busiest first; at most ten.</summary>
    public required ImmutableArray<KeyShare> HotKeys { get; init; }

    /// <summary>Different partition keys.</summary>
    public required long DistinctKeys { get; init; }

    /// <summary>Over time; empty unless the plan asked for it.</summary>
    public ImmutableArray<CoursePoint> Course { get; init; } = [];

    /// <summary>Invocations of the minute with the highest iterator age; empty unless the plan asked for it.</summary>
    public ImmutableArray<LaneSpan> WorstMinute { get; init; } = [];
}

/// <summary>Where the time from arrival to settlement goes, each part measured for every record that succeeded; the means add up to that of the latency.</summary>
/// <param name="Poll">From arrival until the record was read.</param>
/// <param name="Window">In a lane that was free: batching window.</param>
/// <param name="Waiting">Behind the lane's earlier batches: same key, or a key of the same lane.</param>
/// <param name="Handler">The invocation that settled it.</param>
/// <param name="Retry">From the first attempt to the beginning of the last one: failed attempts, back-off, throttles.</param>
public readonly record struct LatencyParts(Distribution Poll, Distribution Window, Distribution Waiting, Distribution Handler, Distribution Retry);

/// <summary>Invocations at the same time.</summary>
/// <param name="Peak">Most.</param>
/// <param name="Mean">Over the duration.</param>
/// <param name="Ceiling">Shards × ParallelizationFactor, or the reserved concurrency when that is less.</param>
/// <param name="BoundBy">What keeps it from being higher.</param>
public readonly record struct ConcurrencyFigures(int Peak, double Mean, int Ceiling, ConcurrencyBound BoundBy);

/// <summary>What keeps concurrency from being higher.</summary>
public enum ConcurrencyBound
{
    /// <summary>No more work arrives: more lanes would be idle.</summary>
    ArrivalRate,

    /// <summary>Shards × ParallelizationFactor: all lanes are busy.</summary>
    Lanes,

    /// <summary>Too few different keys to use all lanes.</summary>
    DistinctKeys,

    /// <summary>One key has more work than the rest of its lane: no setting splits a key.</summary>
    HotKey,

    /// <summary>Reserved concurrency, or the account's.</summary>
    ReservedConcurrency,

    /// <summary>Records come in one poll per second, and are done before the next.</summary>
    PollRate,

    /// <summary>Failing records hold their lanes.</summary>
    Failures,
}

/// <summary>Batches as they were gathered, without their parts and repetitions.</summary>
/// <param name="Count">How many.</param>
/// <param name="Mean">Records of one, in the mean.</param>
/// <param name="Max">Records of the largest.</param>
/// <param name="ClosedBy">How many were closed for which reason.</param>
public sealed record BatchFigures(long Count, double Mean, int Max, ImmutableDictionary<FlushReason, long> ClosedBy);

/// <summary>One lane.</summary>
/// <param name="Shard">Number of the shard.</param>
/// <param name="Lane">Number of the lane in it.</param>
/// <param name="Records">Records that it settled.</param>
/// <param name="Busy">Share of the time in which it had an invocation running, 0 to 1.</param>
/// <param name="Blocked">Time from first failures to the settlement of what failed: attempts and pauses.</param>
/// <param name="LongestBlock">The longest such time.</param>
public readonly record struct LaneFigures(int Shard, int Lane, long Records, double Busy, TimeSpan Blocked, TimeSpan LongestBlock);

/// <summary>A key's part of the traffic.</summary>
/// <param name="Key">The key, or its hash when the key is not known.</param>
/// <param name="Share">Of all records, 0 to 1.</param>
/// <param name="LaneLoad">Share of one lane's time that its records alone need, even when all batches are full; from 1 on no number of lanes keeps up with it.</param>
public readonly record struct KeyShare(string Key, double Share, double LaneLoad);

/// <summary>A stretch of time of a run.</summary>
/// <param name="At">Its beginning, since the beginning of the traffic.</param>
/// <param name="ArrivalsPerSecond">Records put.</param>
/// <param name="IteratorAgeMs">Highest iterator age of its invocations, in milliseconds; that of the stretch before when there was none.</param>
/// <param name="Concurrency">Invocations at the same time, in the mean.</param>
/// <param name="Backlog">Records put and not settled at its end.</param>
public readonly record struct CoursePoint(TimeSpan At, double ArrivalsPerSecond, double IteratorAgeMs, double Concurrency, long Backlog);

/// <summary>One invocation in its lane.</summary>
/// <param name="Shard">Number of the shard.</param>
/// <param name="Lane">Number of the lane in it.</param>
/// <param name="From">Its start, since the beginning of the traffic.</param>
/// <param name="Until">Its end.</param>
/// <param name="Records">Records of the batch.</param>
/// <param name="Attempt">1 for the first at exactly these records.</param>
/// <param name="Outcome">How it ended.</param>
public readonly record struct LaneSpan(int Shard, int Lane, TimeSpan From, TimeSpan Until, int Records, int Attempt, SpanOutcome Outcome);

/// <summary>How an invocation of a report ended.</summary>
public enum SpanOutcome
{
    /// <summary>All its records are settled.</summary>
    Succeeded,

    /// <summary>It reported a record.</summary>
    PartlyFailed,

    /// <summary>It failed as a whole.</summary>
    Failed,

    /// <summary>It did not run.</summary>
    Throttled,
}
