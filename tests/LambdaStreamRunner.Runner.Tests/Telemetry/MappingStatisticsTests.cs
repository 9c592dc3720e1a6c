using CsCheck;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Telemetry;

public class MappingStatisticsTests
{
    private const string ShardId = "shardId-000000000000";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(1));
    private readonly MappingStatistics _mapping;

    public MappingStatisticsTests() => _mapping = NewMapping();

    [Fact]
    public void A_batch_that_succeeds_is_counted_with_its_age_and_latency()
    {
        ShardStatistics shard = _mapping.Shard(ShardId);
        Batch batch = BatchOf(1, 2, 3);
        shard.RecordsRead(3);
        _time.Advance(TimeSpan.FromMilliseconds(40));
        shard.BatchStarted(batch);
        _time.Advance(TimeSpan.FromMilliseconds(60));
        shard.BatchFinished(batch, BatchOutcome.Succeeded.Instance);

        MappingSummary summary = _mapping.Summarize();

        Assert.Equal((3L, 3L, 0L), (summary.Records, summary.Succeeded, summary.Unsettled));
        Assert.Equal((1L, 0L), (summary.Invocations, summary.FailedInvocations));
        Assert.Equal(new BatchSizeSummary(3, 3), summary.BatchSize);
        Assert.Equal(new FlushSummary(Size: 1, 0, 0, 0, 0), summary.Flushes);
        Assert.Equal(new PercentileSummary(40, 40, 40), summary.IteratorAgeMs);
        Assert.Equal(new PercentileSummary(100, 100, 100), summary.LatencyMs);
    }

    [Fact]
    public void The_age_of_a_batch_is_that_of_its_last_record()
    {
        Batch batch = BatchOf(1);
        StreamRecord old = batch.Records.Span[0];
        _time.Advance(TimeSpan.FromSeconds(5));
        batch.Records = new[] { old, Record(2) };
        _time.Advance(TimeSpan.FromSeconds(1));

        _mapping.Shard(ShardId).BatchStarted(batch);

        Assert.Equal(TimeSpan.FromSeconds(1), _mapping.Progress().IteratorAge);
    }

    [Fact]
    public void A_failed_batch_its_halves_and_a_retry_are_told_apart()
    {
        ShardStatistics shard = _mapping.Shard(ShardId);
        shard.RecordsRead(2);
        Run(shard, BatchOf(1, 2), new BatchOutcome.Failed("poison"));
        Batch left = PartOf(1);
        Run(shard, left, new BatchOutcome.Failed("poison"));
        left.Attempt = 2;
        Run(shard, left, new BatchOutcome.Failed("poison"));
        DiscardedBatch discarded = Discard(shard, 1);
        shard.DiscardDelivered(discarded);
        Run(shard, PartOf(2), BatchOutcome.Succeeded.Instance);

        MappingSummary summary = _mapping.Summarize();

        Assert.Equal((4L, 3L, 1L, 1L), (summary.Invocations, summary.FailedInvocations, summary.Retries, summary.Bisections));
        Assert.Equal((2L, 1L, 1L, 0L), (summary.Records, summary.Succeeded, summary.Discarded, summary.Unsettled));
        Assert.Equal((3L, 0L), (summary.DuplicateDeliveries, summary.OrderViolations));
        Assert.Equal(1, summary.Flushes.Size);
    }

    [Fact]
    public void The_prefix_of_a_partial_failure_has_succeeded()
    {
        ShardStatistics shard = _mapping.Shard(ShardId);
        shard.RecordsRead(3);
        Run(shard, BatchOf(1, 2, 3), new BatchOutcome.PartlyFailed(2));

        MappingSummary summary = _mapping.Summarize();

        Assert.Equal((3L, 2L, 1L), (summary.Records, summary.Succeeded, summary.Unsettled));
        Assert.Equal((1L, 0L), (summary.FailedInvocations, summary.Bisections));
    }

    [Fact]
    public void A_throttled_batch_was_no_invocation()
    {
        ShardStatistics shard = _mapping.Shard(ShardId);
        shard.RecordsRead(1);
        Run(shard, BatchOf(1), new BatchOutcome.Throttled("no capacity"));

        MappingSummary summary = _mapping.Summarize();

        Assert.Equal((1L, 0L, 0L), (summary.Throttles, summary.Invocations, summary.FailedInvocations));
        Assert.Equal(0, _mapping.Progress().InFlight);
    }

    [Fact]
    public void A_discard_settles_when_its_destination_has_it()
    {
        ShardStatistics shard = _mapping.Shard(ShardId);
        shard.RecordsRead(1);
        DiscardedBatch discarded = Discard(shard, 1);
        Assert.Equal((0L, 1L), (_mapping.Summarize().Discarded, _mapping.Summarize().Unsettled));

        shard.DiscardFailed(discarded);

        MappingSummary summary = _mapping.Summarize();
        Assert.Equal((1L, 0L, 1L), (summary.Discarded, summary.Unsettled, summary.DiscardsUndelivered));
    }

    [Fact]
    public void Filtered_records_are_settled_at_once()
    {
        ShardStatistics shard = _mapping.Shard(ShardId);
        shard.RecordsRead(2);
        shard.RecordsFiltered([Record(1), Record(2)]);

        Assert.Equal((2L, 2L, 0L), (_mapping.Summarize().Records, _mapping.Summarize().Filtered, _mapping.Summarize().Unsettled));
    }

    [Fact]
    public void Concurrency_is_counted_over_all_shards()
    {
        using var meters = new LambdaMetrics(() => [], () => []);
        FunctionMetrics left = new(meters, "AccessLog"), right = new(meters, "AccessLog");
        _mapping.Shard("left").CountExecutionsOf(left);
        _mapping.Shard("right").CountExecutionsOf(right);
        left.Began();
        right.Began();
        left.Left();
        left.Began();

        Assert.Equal(2, _mapping.Summarize().MaxConcurrency);
        Assert.Equal(2, _mapping.Progress().InFlight);
    }

    [Fact]
    public void What_is_throttled_has_no_age_and_does_not_run()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        Run(_mapping.Shard(ShardId), BatchOf(1), new BatchOutcome.Throttled("No more."));

        MappingSummary summary = _mapping.Summarize();

        Assert.Equal((1L, 0), (summary.Throttles, summary.MaxConcurrency));
        Assert.Equal(new PercentileSummary(0, 0, 0), summary.IteratorAgeMs);
    }

    [Fact]
    public void What_a_restart_reads_again_is_counted_once()
    {
        ShardStatistics shard = _mapping.Shard(ShardId);
        shard.RecordsRead(3);
        Run(shard, BatchOf(1), BatchOutcome.Succeeded.Instance);
        shard.Restarted(ShardPosition.At(Number(2)));
        shard.RecordsRead(2);

        Assert.Equal((3L, 2L), (_mapping.Summarize().Records, _mapping.Summarize().Unsettled));
    }

    [Fact]
    public void The_duration_runs_from_the_first_read_to_the_last_settlement()
    {
        ShardStatistics shard = _mapping.Shard(ShardId);
        shard.RecordsRead(1);
        _time.Advance(TimeSpan.FromSeconds(2));
        Run(shard, BatchOf(1), BatchOutcome.Succeeded.Instance);
        _time.Advance(TimeSpan.FromSeconds(10));

        RunSummary run = RunSummary.Of([_mapping.Summarize(), NewMapping().Summarize()]);

        Assert.Equal((2_000L, 0.5), (run.DurationMs, run.RecordsPerSecond));
        Assert.False(run.HasFailures);
    }

    [Fact]
    public void A_broken_guarantee_reaches_the_summary()
    {
        ShardStatistics shard = _mapping.Shard(ShardId);
        shard.RecordsRead(2);
        Run(shard, BatchOf(2), BatchOutcome.Succeeded.Instance);
        Run(shard, BatchOf(1), BatchOutcome.Succeeded.Instance);

        MappingSummary summary = _mapping.Summarize();

        Assert.Equal((1L, 1L), (summary.OrderViolations, summary.ViolationCount));
        Assert.True(RunSummary.Of([summary]).HasFailures);
    }

    [Fact]
    public void Sums_add_up_after_any_outcomes() =>
        Gen.Int[0, 3].Array.Sample(outcomes =>
        {
            MappingStatistics mapping = NewMapping();
            ShardStatistics shard = mapping.Shard(ShardId);
            ulong next = 1;
            foreach (int outcome in outcomes)
            {
                ulong[] numbers = [next++, next++, next++];
                shard.RecordsRead(3);
                if (outcome == 3)
                    shard.DiscardDelivered(Discard(shard, numbers));
                else
                    Run(shard, BatchOf(numbers), outcome == 0 ? BatchOutcome.Succeeded.Instance : new BatchOutcome.PartlyFailed(outcome));
            }
            MappingSummary summary = mapping.Summarize();
            return summary.Records == outcomes.Length * 3L
                && summary.Records == summary.Succeeded + summary.Filtered + summary.Discarded + summary.Unsettled
                && summary.Flushes.Size == summary.Invocations;
        });

    private MappingStatistics NewMapping() =>
        new("clicks", "AccessLog", new EventSourceMapping { BisectBatchOnFunctionError = true }, _time);

    private static void Run(ShardStatistics shard, Batch batch, BatchOutcome outcome)
    {
        shard.BatchStarted(batch);
        shard.BatchFinished(batch, outcome);
    }

    private DiscardedBatch Discard(ShardStatistics shard, params ulong[] numbers)
    {
        var discarded = new DiscardedBatch(
            [.. numbers.Select(Record)], DiscardReason.RetryAttemptsExhausted, Guid.NewGuid(), 2, null, _time.GetUtcNow());
        shard.DiscardDecided(discarded);
        return discarded;
    }

    private Batch BatchOf(params ulong[] numbers)
    {
        Batch batch = PartOf(numbers);
        batch.ClosedBy = FlushReason.Size;
        return batch;
    }

    private Batch PartOf(params ulong[] numbers) =>
        new(lane: 0) { Records = numbers.Select(Record).ToArray(), RequestId = Guid.NewGuid(), Attempt = 1 };

    private StreamRecord Record(ulong number) => StreamRecord.Create("key", [], Number(number), _time.GetUtcNow());

    private static SequenceNumber Number(ulong number) => new(0, 0, number);
}
