using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Journals;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Telemetry;

/// <summary>Sees everything that goes into and comes out of one machine: counts it, lets the checker judge it, logs it.</summary>
/// <param name="statistics">The counts of the shard.</param>
/// <param name="mapping">"stream → function".</param>
/// <param name="shardId">The shard.</param>
/// <param name="destination">Where discarded batches go, for people.</param>
/// <param name="logger">The log.</param>
public sealed class ShardObserver(ShardStatistics statistics, string mapping, string shardId, string destination, ILogger logger)
{
    private ShardCheckpoint? _saving;
    private long _recordsRead;
    private long _polled;
    private long _recordsExpired;
    private long _violations;
    private DateTimeOffset _now;

    /// <summary>Writes down what happens; null when there is no journal.</summary>
    internal ShardJournal? Journal { get; init; }

    /// <summary>The EventCount metrics; null when the mapping does not ask for them.</summary>
    public EventCountMetrics? EventCount { get; init; }

    /// <summary>The metrics of the function, which also tell what runs at the same time; null when nobody measures.</summary>
    public FunctionMetrics? Function
    {
        get;
        init
        {
            field = value;
            if (value is not null)
                statistics.CountExecutionsOf(value);
        }
    }

    /// <summary>Records that the machine has read and must settle, as of its last step. Belongs to the pump's loop.</summary>
    public long RecordsRead => _recordsRead;

    /// <summary>An event, before the machine takes it.</summary>
    /// <param name="now">When; it is also the time of what the machine decides.</param>
    /// <param name="happened">What happened.</param>
    public void Happened(DateTimeOffset now, ShardEvent happened)
    {
        _now = now;
        Journal?.Happened(now, happened);
        switch (happened)
        {
            case ShardEvent.BatchFinished finished:
                statistics.BatchFinished(finished.Batch, finished.Outcome);
                EventCount?.Invoked(finished.Batch.Records.Length, finished.Outcome);
                LogOutcome(finished.Batch, finished.Outcome);
                LogNewViolations();
                break;
            case ShardEvent.DiscardDelivered delivered:
                statistics.DiscardDelivered(delivered.Batch);
                EventCount?.Discarded(delivered.Batch.Records.Length);
                break;
            case ShardEvent.DiscardFailed failed:
                statistics.DiscardFailed(failed.Batch);
                EventCount?.Lost(failed.Batch.Records.Length);
                Function?.DeliveryFailed();
                logger.DiscardLost(mapping, shardId, failed.Batch.Records.Length, FirstOf(failed.Batch.Records.AsSpan()), destination, failed.Error);
                break;
            case ShardEvent.RecordsRead { Cursor: ReadCursor.Main, Records.IsEmpty: true }:
                EventCount?.Polled(0);
                break;
            case ShardEvent.ReadFailed failed:
                logger.ReadFailed(mapping, shardId, failed.Error);
                break;
            case ShardEvent.CheckpointSaved when _saving is { } saved:
                statistics.CheckpointSaved(saved.Position);
                Journal?.CheckpointSaved(now, saved);
                break;
            default:
                break;
        }
    }

    /// <summary>A decision, before it is carried out.</summary>
    public void Decided(ShardDecision decision)
    {
        Journal?.Decided(_now, decision);
        switch (decision)
        {
            case ShardDecision.InvokeFunction invoke:
                statistics.BatchStarted(invoke.Batch);
                break;
            case ShardDecision.SendToDestination send:
                statistics.DiscardDecided(send.Batch);
                logger.BatchDiscarded(mapping, shardId, send.Batch.Records.Length, send.Batch.Reason.ToString(), FirstOf(send.Batch.Records.AsSpan()), LastOf(send.Batch));
                break;
            case ShardDecision.SaveCheckpoint save:
                _saving = save.Checkpoint;
                break;
            case ShardDecision.CloseShard { Reason: CloseReason.ShardEnd }:
                logger.ShardEnded(mapping, shardId);
                break;
            default:
                break;
        }
    }

    /// <summary>The machine after an event, before its decisions are carried out.</summary>
    public void Stepped(ShardMachine machine)
    {
        ShardCounters counters = machine.Counters;
        long read = counters.RecordsRead - counters.RecordsExpired - counters.RecordsSettledBefore;
        statistics.RecordsRead((int)(read - _recordsRead));
        _recordsRead = read;
        CountPolled(counters.RecordsRead - counters.RecordsSettledBefore);
        foreach (ReadOnlyMemory<StreamRecord> filtered in machine.FilteredInStep)
        {
            statistics.RecordsFiltered(filtered.Span);
            Journal?.Filtered(_now, filtered.Span);
            EventCount?.FilteredOut(filtered.Length);
        }
        if (counters.RecordsExpired == _recordsExpired)
            return;
        _recordsExpired = counters.RecordsExpired;
        statistics.Checker.Trimmed(machine.ExpiredThrough!.Value.Next());
    }

    // Once each, however often catch-up passes read it. A restart begins with another observer: what was read and not settled
    // before it is polled, and counted, once more.
    private void CountPolled(long polled)
    {
        if (polled > _polled)
            EventCount?.Polled(polled - _polled);
        _polled = polled;
    }

    /// <summary>The pump ends, and its machine has not closed: it was abandoned, or it has failed.</summary>
    public void Abandoned(DateTimeOffset now) => Journal?.Abandoned(now);

    /// <summary>A store refused a checkpoint; it is tried again.</summary>
    public void CheckpointNotSaved(Exception error) => logger.CheckpointNotSaved(mapping, shardId, error.Message);

    private void LogOutcome(Batch batch, BatchOutcome outcome)
    {
        if (outcome is BatchOutcome.Succeeded || !logger.IsEnabled(LogLevel.Warning))
            return;
        ReadOnlySpan<StreamRecord> records = batch.Records.Span;
        string first = FirstOf(records);
        switch (outcome)
        {
            case BatchOutcome.Failed failed:
                logger.BatchFailed(mapping, shardId, records.Length, first, batch.Attempt, failed.Error);
                break;
            case BatchOutcome.PartlyFailed partly:
                logger.BatchPartlyFailed(mapping, shardId, records.Length, first, partly.LowestFailedIndex);
                break;
            case BatchOutcome.Throttled throttled:
                logger.BatchThrottled(mapping, shardId, records.Length, first, throttled.Reason);
                break;
            default:
                break;
        }
    }

    private void LogNewViolations()
    {
        long known = statistics.Checker.ViolationCount;
        if (known == _violations)
            return;
        foreach (var violation in statistics.Checker.Violations.Skip((int)_violations))
            logger.GuaranteeBroken(mapping, violation.ToString());
        _violations = known;
    }

    // The final invocation of a tumbling window has no records.
    private static string FirstOf(ReadOnlySpan<StreamRecord> records) => records.IsEmpty ? "the end of a window" : records[0].SequenceNumber.ToString();

    private static string LastOf(DiscardedBatch batch) => batch.Records.IsEmpty ? "the end of a window" : batch.Records[^1].SequenceNumber.ToString();
}
