using System.Text.Json.Serialization;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Simulation.Figures;

namespace LambdaStreamRunner.Host.Reports;

/// <summary>How much of the figures a document holds.</summary>
internal enum FiguresDetail
{
    /// <summary>What is one number for the whole run.</summary>
    Totals,

    /// <summary>Also every lane and the hot keys.</summary>
    Lanes,

    /// <summary>Also what happened over time.</summary>
    Course,
}

/// <summary>The figures of one simulation as JSON has them: names as in the summary of a run.</summary>
internal sealed record FiguresDocument
{
    public required bool IsStable { get; init; }
    public required long Records { get; init; }
    public required long Succeeded { get; init; }
    public required long Discarded { get; init; }
    public required long DiscardedByAge { get; init; }
    public required long InnocentCasualties { get; init; }
    public required long Expired { get; init; }
    public required long Deliveries { get; init; }
    public required long DuplicateDeliveries { get; init; }
    public required long Invocations { get; init; }
    public required long FailedInvocations { get; init; }
    public required long Throttles { get; init; }
    public required long ColdStarts { get; init; }
    public required long Retries { get; init; }
    public required long Bisections { get; init; }
    public required double? BilledMs { get; init; }
    public required long Bytes { get; init; }
    public required long PutUnits { get; init; }
    public required double? DurationMs { get; init; }
    public required double? DrainTimeMs { get; init; }
    public required Spread IteratorAgeMs { get; init; }
    public required Spread LatencyMs { get; init; }
    public required Parts LatencyPartsMs { get; init; }
    public required Concurrent Concurrency { get; init; }
    public required Sizes BatchSize { get; init; }
    public required Flushed Flushes { get; init; }
    public required double? BlockedMs { get; init; }
    public required double? LongestBlockMs { get; init; }
    public required long DistinctKeys { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Key>? HotKeys { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Lane>? Lanes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Moment>? Course { get; init; }

    public static FiguresDocument Of(SimulationFigures figures, FiguresDetail detail) => new()
    {
        IsStable = figures.IsStable,
        Records = figures.Records,
        Succeeded = figures.Succeeded,
        Discarded = figures.Discarded,
        DiscardedByAge = figures.DiscardedByAge,
        InnocentCasualties = figures.InnocentCasualties,
        Expired = figures.Expired,
        Deliveries = figures.Deliveries,
        DuplicateDeliveries = figures.DuplicateDeliveries,
        Invocations = figures.Invocations,
        FailedInvocations = figures.FailedInvocations,
        Throttles = figures.Throttles,
        ColdStarts = figures.ColdStarts,
        Retries = figures.Retries,
        Bisections = figures.Bisections,
        BilledMs = Ms(figures.Billed),
        Bytes = figures.Bytes,
        PutUnits = figures.PutUnits,
        DurationMs = Ms(figures.Duration),
        DrainTimeMs = Ms(figures.DrainTime),
        IteratorAgeMs = Spread.Of(figures.IteratorAge),
        LatencyMs = Spread.Of(figures.Latency),
        LatencyPartsMs = Parts.Of(figures.LatencyParts),
        Concurrency = Concurrent.Of(figures.Concurrency),
        BatchSize = new Sizes(figures.Batches.Count, Rounded.ToTenth(figures.Batches.Mean), figures.Batches.Max),
        Flushes = Flushed.Of(figures.Batches),
        BlockedMs = Ms(figures.Lanes.Aggregate(TimeSpan.Zero, (sum, lane) => sum + lane.Blocked)),
        LongestBlockMs = Ms(figures.Lanes.IsEmpty ? TimeSpan.Zero : figures.Lanes.Max(lane => lane.LongestBlock)),
        DistinctKeys = figures.DistinctKeys,
        HotKeys = detail is FiguresDetail.Totals ? null : [.. figures.HotKeys.Select(Key.Of)],
        Lanes = detail is FiguresDetail.Totals ? null : [.. figures.Lanes.Select(Lane.Of)],
        Course = detail is FiguresDetail.Course ? [.. figures.Course.Select(Moment.Of)] : null,
    };

    private static double? Ms(TimeSpan time) => Rounded.ToTenth(time.TotalMilliseconds);

    internal sealed record Spread(long Count, double? Mean, double? P10, double? P50, double? P90, double? P95, double? P99, double? Max)
    {
        public static Spread Of(Distribution of) => new(
            of.Count, Rounded.ToTenth(of.Mean), Rounded.ToTenth(of.P10), Rounded.ToTenth(of.P50), Rounded.ToTenth(of.P90),
            Rounded.ToTenth(of.P95), Rounded.ToTenth(of.P99), Rounded.ToTenth(of.Max));
    }

    internal sealed record Parts(Spread Poll, Spread Window, Spread Waiting, Spread Handler, Spread Retry)
    {
        public static Parts Of(LatencyParts parts) => new(
            Spread.Of(parts.Poll), Spread.Of(parts.Window), Spread.Of(parts.Waiting), Spread.Of(parts.Handler), Spread.Of(parts.Retry));
    }

    internal sealed record Concurrent(int Peak, double? Mean, int Ceiling, string BoundBy)
    {
        public static Concurrent Of(ConcurrencyFigures figures) => new(figures.Peak, Rounded.ToHundredth(figures.Mean), figures.Ceiling, figures.BoundBy.ToString());
    }

    internal sealed record Sizes(long Count, double? Mean, int Max);

    internal sealed record Flushed(long Size, long Window, long Payload, long ShardEnd, long Drain)
    {
        public static Flushed Of(BatchFigures batches) => new(
            batches.ClosedBy.GetValueOrDefault(FlushReason.Size), batches.ClosedBy.GetValueOrDefault(FlushReason.Window),
            batches.ClosedBy.GetValueOrDefault(FlushReason.Payload), batches.ClosedBy.GetValueOrDefault(FlushReason.ShardEnd),
            batches.ClosedBy.GetValueOrDefault(FlushReason.Drain));
    }

    internal sealed record Key(string Name, double? Share, double? LaneLoad)
    {
        public static Key Of(KeyShare key) => new(key.Key, Rounded.ToShare(key.Share), Rounded.ToTinyShare(key.LaneLoad));
    }

    internal sealed record Lane(int Shard, int Number, long Records, double? Busy, double? BlockedMs, double? LongestBlockMs)
    {
        public static Lane Of(LaneFigures lane) => new(lane.Shard, lane.Lane, lane.Records, Rounded.ToTinyShare(lane.Busy), Ms(lane.Blocked), Ms(lane.LongestBlock));
    }

    internal sealed record Moment(double? AtMs, double? ArrivalsPerSecond, double? IteratorAgeMs, double? Concurrency, long Backlog)
    {
        public static Moment Of(CoursePoint point) => new(
            Ms(point.At), Rounded.ToTenth(point.ArrivalsPerSecond), Rounded.ToTenth(point.IteratorAgeMs), Rounded.ToHundredth(point.Concurrency), point.Backlog);
    }
}
