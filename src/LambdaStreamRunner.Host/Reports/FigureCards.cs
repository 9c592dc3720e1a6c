using System.Globalization;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Reports;

/// <summary>One of the figures that people ask for, explained.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Value">The number to look at first.</param>
/// <param name="Details">What stands behind it, a line each.</param>
/// <param name="Explanation">What it means, for somebody who sees it for the first time.</param>
internal sealed record FigureCard(string Title, string Value, IReadOnlyList<string> Details, string Explanation);

/// <summary>The figures that people ask for when they tune a mapping, of one simulation.</summary>
/// <param name="setting">What was simulated.</param>
/// <param name="figures">What it measured.</param>
/// <param name="cost">What it would cost; null when nobody asked for prices.</param>
internal sealed class FigureCards(TunedSetting setting, SimulationFigures figures, CostPerMillion? cost)
{
    /// <summary>The same setting over several seeds: the number to look at first is their mean then, and details say that they are of one run. Null when there was one run.</summary>
    private TunedPoint? Repeated { get; init; }

    public static FigureCards Of(TunedPoint point) => new(point.Setting, point.Figures, point.Cost) { Repeated = point.Runs > 1 ? point : null };

    /// <summary>What a shard takes, whichever is reached first.</summary>
    private const double ShardRecordsPerSecond = 1_000, ShardBytesPerSecond = 1_000_000;

    /// <summary>What the readers of a shard get between them when they have no enhanced fan-out.</summary>
    private const double SharedReadBytesPerSecond = 2_000_000;

    public IReadOnlyList<FigureCard> All => [Age, Concurrency, Keys, Batches, Cost, Latency, Drain, Duplicates, Losses, Limits, Order];

    private string OfOneRun => Repeated is null ? "" : "in one run: ";

    private double Seconds => Math.Max(1e-3, figures.Duration.TotalSeconds);

    private FigureCard Age
    {
        get
        {
            List<string> details = [$"{OfOneRun}p50 {Amounts.Ms(figures.IteratorAge.P50)}, p95 {Amounts.Ms(figures.IteratorAge.P95)}, longest {Amounts.Ms(figures.IteratorAge.Max)}"];
            if (!figures.Course.IsEmpty)
                details.Add($"highest at {Figures.Duration(figures.Course.MaxBy(point => point.IteratorAgeMs).At)} of the traffic");
            string p99 = Repeated is null ? Amounts.Ms(figures.IteratorAge.P99) : Amounts.Ms(Repeated.IteratorAgeP99);
            return new FigureCard("Iterator age", $"p99 {p99}", details, "How old the newest record of a batch is when the function gets it: how far you lag behind the stream. CloudWatch calls it IteratorAge.");
        }
    }

    private FigureCard Concurrency
    {
        get
        {
            ConcurrencyFigures concurrency = figures.Concurrency;
            return new FigureCard(
                "Concurrency", $"{(Repeated is null ? Figures.Count(concurrency.Peak) : Amounts.Digits(Repeated.PeakConcurrency))} of {Figures.Count(concurrency.Ceiling)}", [$"{Amounts.Digits(concurrency.Mean)} in the mean", BoundWords(concurrency.BoundBy)],
                "How many invocations run at once at most. The ceiling is shards × ParallelizationFactor, or the reserved concurrency.");
        }
    }

    private FigureCard Keys
    {
        get
        {
            List<string> details = [];
            if (!figures.HotKeys.IsEmpty)
                details.Add($"the busiest has {Amounts.Percent(figures.HotKeys[0].Share)} of the records and needs {Amounts.Digits(figures.HotKeys[0].LaneLoad)} of a lane in full batches");
            if (!figures.Lanes.IsEmpty)
                details.Add($"lanes are busy {Amounts.Percent(figures.Lanes.Min(lane => lane.Busy))} to {Amounts.Percent(figures.Lanes.Max(lane => lane.Busy))} of the time");
            return new FigureCard("Partition keys", $"{Figures.Count(figures.DistinctKeys)} keys", details, "Records of one key stay in order, so a key is never in two batches at once: few or hot keys leave lanes idle.");
        }
    }

    private FigureCard Batches
    {
        get
        {
            BatchFigures batches = figures.Batches;
            int batchSize = setting.Mapping.BatchSize;
            string[] reasons = [.. Enum.GetValues<FlushReason>().Select(reason => (Reason: reason, Count: batches.ClosedBy.GetValueOrDefault(reason))).Where(closed => closed.Count > 0)
                .Select(closed => $"{ReasonWords(closed.Reason)} {Amounts.Percent((double)closed.Count / Math.Max(1, batches.Count))}")];
            List<string> details = [$"{Amounts.Digits(batches.Mean)} of {Figures.Count(batchSize)} records in the mean, {Figures.Count(batches.Max)} at most"];
            if (reasons.Length > 0)
                details.Add("closed by " + string.Join(", ", reasons));
            return new FigureCard("Batch fill", Amounts.Percent(batches.Mean / batchSize), details, "How full batches are. Fuller batches mean fewer invocations, and records that wait longer.");
        }
    }

    private FigureCard Cost
    {
        get
        {
            string perHour = $"{Figures.Count((long)(figures.Invocations / Seconds * 3_600))} invocations an hour";
            if (cost is not { } price)
                return new FigureCard("Invocations", Figures.Count(figures.Invocations), [perHour, $"{Figures.Duration(figures.Billed)} billed"], "What Lambda charges for, besides memory.");
            string fanOut = price.FanOut > 0 ? $", fan-out {Amounts.Dollars(price.FanOut)}" : "";
            return new FigureCard(
                "Cost", $"{Amounts.Dollars(price.Total)} per million",
                [$"requests {Amounts.Dollars(price.Requests)}, compute {Amounts.Dollars(price.Compute)}, stream {Amounts.Dollars(price.Stream)}{fanOut}", perHour],
                "US dollars per million records by list price: Lambda requests and GB-seconds, Kinesis shard hours and PUT units.");
        }
    }

    private FigureCard Latency
    {
        get
        {
            LatencyParts parts = figures.LatencyParts;
            return new FigureCard(
                "Latency", $"p99 {(Repeated is null ? Amounts.Ms(figures.Latency.P99) : Amounts.Ms(Repeated.LatencyP99))}",
                [
                    $"{OfOneRun}p50 {Amounts.Ms(figures.Latency.P50)}, p95 {Amounts.Ms(figures.Latency.P95)}, longest {Amounts.Ms(figures.Latency.Max)}",
                    $"in the mean: poll {Amounts.Ms(parts.Poll.Mean)}, window {Amounts.Ms(parts.Window.Mean)}, waiting {Amounts.Ms(parts.Waiting.Mean)}, handler {Amounts.Ms(parts.Handler.Mean)}, retry {Amounts.Ms(parts.Retry.Mean)}",
                ],
                "From the put of a record until the function is done with it.");
        }
    }

    private FigureCard Drain
    {
        get
        {
            double busiest = figures.Lanes.IsEmpty ? 0 : figures.Lanes.Max(lane => lane.Busy);
            string headroom = busiest < 1 ? $"the busiest lane has {Amounts.Percent(1 - busiest)} of its time left" : "the busiest lane has no time left";
            return new FigureCard("Drain time", Figures.Duration(figures.DrainTime), [headroom, figures.IsStable ? "the backlog stays bounded" : "does not keep up: the backlog grew until the end"],
                "How long the function still works when no more records come. Lanes with time left catch up after a burst.");
        }
    }

    private FigureCard Duplicates
    {
        get
        {
            double perThousand = 1_000.0 * figures.DuplicateDeliveries / Math.Max(1, figures.Records);
            TimeSpan longest = figures.Lanes.IsEmpty ? TimeSpan.Zero : figures.Lanes.Max(lane => lane.LongestBlock);
            return new FigureCard(
                "Duplicates", $"{(Repeated is null ? Amounts.Digits(perThousand) : Amounts.Digits(Repeated.DuplicatesPerThousand))} per 1,000",
                [
                    $"{OfOneRun}{Figures.Some(figures.Retries, "retry").Replace("retrys", "retries", StringComparison.Ordinal)}, {Figures.Some(figures.Bisections, "bisection")}, {Figures.Some(figures.FailedInvocations, "failed invocation")}",
                    $"a failure blocks its lane for {Figures.Duration(longest)} at most",
                ],
                "Deliveries of a record beyond the first. Failed batches come again, so the function must be idempotent.");
        }
    }

    private FigureCard Losses => new(
        "Discarded", figures.Discarded == 0 ? "none" : Figures.Some(figures.Discarded, "record"),
        [
            $"{OfOneRun}{Figures.Count(figures.Discarded - figures.DiscardedByAge)} by retries, {Figures.Count(figures.DiscardedByAge)} by record age, {Figures.Count(figures.InnocentCasualties)} of them innocent",
            $"{Figures.Count(figures.Expired)} left the stream unprocessed",
        ],
        "Records given up. Innocent ones only shared a batch with one that always fails: bisect or ReportBatchItemFailures save them.");

    private FigureCard Limits
    {
        get
        {
            double records = figures.Records / Seconds / setting.Shards, bytes = figures.Bytes / Seconds / setting.Shards;
            string read = setting.HasEnhancedFanOut ? "reads have 2 MB/s of their own" : $"reads use {Amounts.Percent(bytes / SharedReadBytesPerSecond)} of the 2 MB/s that readers share";
            return new FigureCard(
                "Throttles", figures.Throttles == 0 ? "none" : Figures.Count(figures.Throttles),
                [$"writes use {Amounts.Percent(Math.Max(records / ShardRecordsPerSecond, bytes / ShardBytesPerSecond))} of what the shards take in the mean", read],
                "Invocations refused for lack of concurrency. A shard takes 1,000 records and 1 MB a second.");
        }
    }

    private FigureCard Order => new(
        "Order", "per key", [setting.Mapping.LanePolicy is LanePolicy.HashLanes ? "a key always has the same lane (HashLanes)" : "a key waits while it is in flight (DynamicKeys)"],
        "Records of a key come in order, retries included. `run` and `replay` check it on what the function really saw.");

    internal static string BoundWords(ConcurrencyBound bound) => bound switch
    {
        ConcurrencyBound.ArrivalRate => "bound by the arrival rate: more lanes would be idle",
        ConcurrencyBound.Lanes => "bound by the lanes: all are busy",
        ConcurrencyBound.DistinctKeys => "bound by too few partition keys",
        ConcurrencyBound.HotKey => "bound by a hot key: no setting splits a key",
        ConcurrencyBound.ReservedConcurrency => "bound by reserved concurrency",
        ConcurrencyBound.PollRate => "bound by one poll a second",
        _ => "bound by failures that hold their lanes",
    };

    private static string ReasonWords(FlushReason reason) => reason switch
    {
        FlushReason.Size => "size",
        FlushReason.Window => "window",
        FlushReason.Payload => "6 MB",
        FlushReason.ShardEnd => "shard end",
        _ => reason.ToString().ToLower(CultureInfo.InvariantCulture),
    };
}
