using System.Collections.Concurrent;
using System.Collections.Immutable;
using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Measures;

namespace LambdaStreamRunner.Runner.Telemetry;

/// <summary>What one mapping has done so far: its shards' counts, merged whenever somebody asks.</summary>
/// <param name="stream">Short name of the stream.</param>
/// <param name="function">Name of the function.</param>
/// <param name="settings">The mapping's settings.</param>
/// <param name="time">The run clock, which also gives records their arrival times.</param>
public sealed class MappingStatistics(string stream, string function, EventSourceMapping settings, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string ShardId, DateTimeOffset StreamCreated), ShardStatistics> _shards = new();
    private long _firstRecord = long.MaxValue;
    private long _lastSettlement = long.MinValue;
    private int _running;
    private int _runningMax;
    private volatile EventSourceMapping _settings = settings;
    private volatile string _lastProcessingResult = NoRecordsProcessed;

    /// <summary>LastProcessingResult before the first invocation.</summary>
    public const string NoRecordsProcessed = "No records processed";

    /// <summary>LastProcessingResult after the function succeeded.</summary>
    public const string Ok = "OK";

    /// <summary>LastProcessingResult after the function threw or ran out of time.</summary>
    public const string FunctionCallFailed = "PROBLEM: Function call failed";

    /// <summary>The mapping's name; "stream → function" unless it has a longer one.</summary>
    public string Name { get; init; } = $"{stream} → {function}";

    /// <summary>The mapping's settings. New ones hold a shard from its next machine on.</summary>
    public EventSourceMapping Settings { get => _settings; internal set => _settings = value; }

    /// <summary>What came of the last attempt, in AWS's words: one of the constants here, or "PROBLEM: " and a sentence.</summary>
    public string LastProcessingResult => _lastProcessingResult;

    /// <summary>Where discarded batches go, for people; null when nowhere.</summary>
    public string? OnFailureDestination { get; internal set; }

    internal long NowMilliseconds => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The statistics of a shard, begun when it is asked for first.</summary>
    /// <param name="shardId">The shard.</param>
    /// <param name="streamCreated">Tells it from a shard of an earlier stream of this name.</param>
    public ShardStatistics Shard(string shardId, DateTimeOffset streamCreated = default) =>
        _shards.GetOrAdd((shardId, streamCreated), shard => new ShardStatistics(this, PromisesOf(shard.ShardId)));

    /// <summary>What the settings, as they are now, promise of a shard.</summary>
    internal ShardPromises PromisesOf(string shardId) => new()
    {
        ShardId = shardId,
        BatchSize = Settings.BatchSize,
        ParallelizationFactor = Settings.ParallelizationFactor,
    };

    /// <summary>The few numbers that a person watches while it runs.</summary>
    public MappingProgress Progress()
    {
        (long settled, long known, long age, long retries, long discarded) = (0, 0, 0, 0, 0);
        foreach ((_, ShardStatistics shard) in _shards)       // once, since there may be thousands, and again every second
        {
            long settledHere = shard.Settled;
            settled += settledHere;
            known += Math.Max(shard.Read, settledHere);
            age = Math.Max(age, shard.LastIteratorAge);
            retries += shard.Retries;
            discarded += shard.Discarded;
        }
        return new MappingProgress(Name)
        {
            Settled = settled,
            Known = known,
            InFlight = Volatile.Read(ref _running),
            IteratorAge = TimeSpan.FromMilliseconds(age),
            Retries = retries,
            Discarded = discarded,
        };
    }

    /// <summary>Everything, as the summary says it.</summary>
    public MappingSummary Summarize()
    {
        ShardStatistics[] shards = [.. _shards.Values];
        long invocations = shards.Sum(shard => shard.Invocations);
        return new MappingSummary
        {
            Name = Name,
            Function = function,
            Stream = stream,
            Polling = Settings.Polling,
            LanePolicy = Settings.LanePolicy,
            Succeeded = shards.Sum(shard => shard.Succeeded),
            Filtered = shards.Sum(shard => shard.Filtered),
            Discarded = shards.Sum(shard => shard.Discarded),
            Unsettled = shards.Sum(shard => Math.Max(0, shard.Read - shard.Settled)),
            Invocations = invocations,
            FailedInvocations = shards.Sum(shard => shard.FailedInvocations),
            Throttles = shards.Sum(shard => shard.Throttles),
            Retries = shards.Sum(shard => shard.Retries),
            Bisections = shards.Sum(shard => shard.Bisections),
            DuplicateDeliveries = shards.Sum(shard => shard.Checker.DuplicateDeliveries),
            OrderViolations = shards.Sum(shard => shard.Checker.OrderViolationCount),
            MaxConcurrency = Volatile.Read(ref _runningMax),
            BatchSize = new BatchSizeSummary(
                invocations == 0 ? 0 : Math.Round((double)shards.Sum(shard => shard.InvokedRecords) / invocations, 2),
                shards.Select(shard => shard.BatchSizeMax).DefaultIfEmpty().Max()),
            Flushes = new FlushSummary(
                Flushes(shards, FlushReason.Size), Flushes(shards, FlushReason.Window), Flushes(shards, FlushReason.Payload),
                Flushes(shards, FlushReason.ShardEnd), Flushes(shards, FlushReason.Drain)),
            IteratorAgeMs = Merge(shards, shard => shard.IteratorAge),
            LatencyMs = Merge(shards, shard => shard.Latency),
            OnFailureDestination = OnFailureDestination,
            DiscardsUndelivered = shards.Sum(shard => shard.DiscardsUndelivered),
            ViolationCount = shards.Sum(shard => shard.Checker.ViolationCount),
            Violations = [.. shards.SelectMany(shard => shard.Checker.Violations).Take(MappingSummary.ViolationsListedMax)],
            IsSampled = shards.Any(shard => shard.Checker.IsSampling),
            FirstRecord = Instant(Volatile.Read(ref _firstRecord), long.MaxValue),
            LastSettlement = Instant(Volatile.Read(ref _lastSettlement), long.MinValue),
        };
    }

    internal void NoteResult(string result) => _lastProcessingResult = result;

    internal void NoteRecords() => LowerTo(ref _firstRecord, NowMilliseconds);

    internal void NoteSettlement() => RaiseTo(ref _lastSettlement, NowMilliseconds);

    internal void NoteStart()
    {
        int running = Interlocked.Increment(ref _running);
        int highest = Volatile.Read(ref _runningMax);
        while (running > highest)
            highest = Swap(ref _runningMax, running, highest);
    }

    internal void NoteEnd() => Interlocked.Decrement(ref _running);

    private static long Flushes(ShardStatistics[] shards, FlushReason reason) => shards.Sum(shard => shard.FlushesBy(reason));

    private static PercentileSummary Merge(ShardStatistics[] shards, Func<ShardStatistics, LatencyHistogram> histogramOf)
    {
        var all = new LatencyHistogram();
        foreach (ShardStatistics shard in shards)
            all.Add(histogramOf(shard));
        return new PercentileSummary(all.Percentile(0.5), all.Percentile(0.99), all.Max);
    }

    private static DateTimeOffset? Instant(long milliseconds, long none) =>
        milliseconds == none ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static void LowerTo(ref long place, long value)
    {
        long seen = Volatile.Read(ref place);
        while (value < seen)
            seen = Swap(ref place, value, seen);
    }

    private static void RaiseTo(ref long place, long value)
    {
        long seen = Volatile.Read(ref place);
        while (value > seen)
            seen = Swap(ref place, value, seen);
    }

    /// <summary>The value that was there: the expected one (and the swap is made: the caller's condition is no longer true), or a newer one.</summary>
    private static T Swap<T>(ref T place, T value, T expected) where T : unmanaged
    {
        T found = Interlocked.CompareExchange(ref place, value, expected);
        return EqualityComparer<T>.Default.Equals(found, expected) ? value : found;
    }
}
