using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Runner.Telemetry;

/// <summary>What a run did: the one JSON document of <c>run --json</c>, and the source of the table.</summary>
/// <param name="Mappings">One entry per mapping.</param>
/// <param name="DurationMs">From the first record that was read to the last settlement; 0 when nothing was settled.</param>
/// <param name="RecordsPerSecond">Settled records of all mappings over that time.</param>
public sealed record RunSummary(ImmutableArray<MappingSummary> Mappings, long DurationMs, double RecordsPerSecond)
{
    /// <summary>What faults did to clients; null when no stream has any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FaultSummary>? Faults { get; init; }

    /// <summary>The environments of each function that runs in processes; null when none does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<EnvironmentSummary>? Functions { get; init; }

    /// <summary>True when records were discarded or left unsettled, or a guarantee broke: exit code 1.</summary>
    [JsonIgnore]
    public bool HasFailures => Mappings.Any(mapping => mapping.Discarded > 0 || mapping.Unsettled > 0 || mapping.ViolationCount > 0);

    /// <summary>The summary of all mappings of a run.</summary>
    public static RunSummary Of(IEnumerable<MappingSummary> mappings)
    {
        ImmutableArray<MappingSummary> all = [.. mappings];
        DateTimeOffset? first = all.Min(mapping => mapping.FirstRecord);
        DateTimeOffset? last = all.Max(mapping => mapping.LastSettlement);
        if (first is null || last is null)
            return new RunSummary(all, 0, 0);

        var duration = (long)(last.Value - first.Value).TotalMilliseconds;
        long settled = all.Sum(mapping => mapping.Records - mapping.Unsettled);
        return new RunSummary(all, duration, Math.Round(settled * 1000.0 / Math.Max(1, duration), 1));
    }

    /// <summary>The document, indented.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SummaryJson.Default.RunSummary);
}

/// <summary>What one mapping did.</summary>
public sealed record MappingSummary
{
    /// <summary>Violations that are kept with their message.</summary>
    public const int ViolationsListedMax = 100;

    /// <summary>"stream → function".</summary>
    public required string Name { get; init; }

    /// <summary>Name of the function.</summary>
    public required string Function { get; init; }

    /// <summary>Short name of the stream.</summary>
    public required string Stream { get; init; }

    /// <summary>How shards were read.</summary>
    public PollingMode Polling { get; init; }

    /// <summary>How keys were spread over lanes.</summary>
    public LanePolicy LanePolicy { get; init; }

    /// <summary>All records: the sum of the four below.</summary>
    public long Records => Succeeded + Filtered + Discarded + Unsettled;

    /// <summary>Records that the function is done with.</summary>
    public long Succeeded { get; init; }

    /// <summary>Records that passed no filter.</summary>
    public long Filtered { get; init; }

    /// <summary>Records given up.</summary>
    public long Discarded { get; init; }

    /// <summary>Records that were there and are none of these.</summary>
    public long Unsettled { get; init; }

    /// <summary>Executed calls of the function; throttled ones are none.</summary>
    public long Invocations { get; init; }

    /// <summary>Calls that threw, ran out of time, or reported failed items.</summary>
    public long FailedInvocations { get; init; }

    /// <summary>Calls that were refused before the function ran: no capacity, no permission, or nobody there.</summary>
    public long Throttles { get; init; }

    /// <summary>Calls that repeated the identical records of a failed one.</summary>
    public long Retries { get; init; }

    /// <summary>Batches that were split in two.</summary>
    public long Bisections { get; init; }

    /// <summary>Deliveries less distinct records.</summary>
    public long DuplicateDeliveries { get; init; }

    /// <summary>Times that the handler saw records in a wrong order, by the independent checker.</summary>
    public long OrderViolations { get; init; }

    /// <summary>Most calls that ran at the same time, over all shards.</summary>
    public int MaxConcurrency { get; init; }

    /// <summary>Records per call.</summary>
    public BatchSizeSummary BatchSize { get; init; } = new(0, 0);

    /// <summary>Why gathered batches were closed.</summary>
    public FlushSummary Flushes { get; init; } = new(0, 0, 0, 0, 0);

    /// <summary>Age of a batch's last record when it was handed over.</summary>
    public PercentileSummary IteratorAgeMs { get; init; } = new(0, 0, 0);

    /// <summary>Arrival to settlement of each record.</summary>
    public PercentileSummary LatencyMs { get; init; } = new(0, 0, 0);

    /// <summary>Where discarded batches went; null when nowhere.</summary>
    [JsonIgnore]
    public string? OnFailureDestination { get; init; }

    /// <summary>Discarded records that did not reach their destination.</summary>
    [JsonIgnore]
    public long DiscardsUndelivered { get; init; }

    /// <summary>Handlers that went on after their deadline.</summary>
    [JsonIgnore]
    public long StuckHandlers { get; init; }

    /// <summary>Broken guarantees of every kind, order included.</summary>
    [JsonIgnore]
    public long ViolationCount { get; init; }

    /// <summary>The first of them.</summary>
    [JsonIgnore]
    public ImmutableArray<Violation> Violations { get; init; } = [];

    /// <summary>True when there were too many open keys, so that the checker watched a part of them.</summary>
    [JsonIgnore]
    public bool IsSampled { get; init; }

    /// <summary>When the first record was read.</summary>
    [JsonIgnore]
    public DateTimeOffset? FirstRecord { get; init; }

    /// <summary>When the last record was settled.</summary>
    [JsonIgnore]
    public DateTimeOffset? LastSettlement { get; init; }
}

/// <summary>Records per call of the function.</summary>
public sealed record BatchSizeSummary(double Mean, int Max);

/// <summary>Gathered batches by the reason that closed them.</summary>
public sealed record FlushSummary(long Size, long Window, long Payload, long ShardEnd, long Drain);

/// <summary>A distribution of milliseconds; zeros when nothing was measured.</summary>
public sealed record PercentileSummary(long P50, long P99, long Max);
