using System.Collections.Concurrent;
using System.Collections.Immutable;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Checkpoints;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Destinations;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.Journals;
using LambdaStreamRunner.Runner.LambdaApi;
using LambdaStreamRunner.Runner.Polling;
using LambdaStreamRunner.Runner.Telemetry;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Makes the pumps of one mapping, one for each shard, when their turn comes.</summary>
internal sealed class PumpFactory(
    MappingConfiguration mapping, EventSourceMapping settings, IFunction function,
    FunctionConcurrency concurrency, LambdaMetrics metrics, OnFailureDestinations destinations, ICheckpointStore checkpoints, MappingStatistics statistics, TimeProvider clock, ILogger logger, RunJournal? journal)
{
    private readonly ConcurrentQueue<BatchInvoker> _invokers = new();
    private int _warnedOfAggregates;
    private readonly FunctionMetrics _metrics = new(metrics, mapping.Function.Name, mapping.Qualifier);

    /// <summary>Calls that ran on after their time while the next one of their lane had begun.</summary>
    public int OverlappingCalls => _invokers.Sum(invoker => invoker.OverlappingCalls);

    /// <summary>Fixes, when the mapping begins for the first time, what LATEST means on every shard: after a restart it must be the same place.</summary>
    /// <remarks>
    /// A shard without a checkpoint was born after that, so nothing of it has been seen. Likewise a stream that was created
    /// while the mapping was at work: nothing of it is older than the mapping, so it is read from its beginning.
    /// </remarks>
    public static async Task FixLatestAsync(
        MappingConfiguration mapping, IStreamSource source, ICheckpointStore checkpoints, CancellationToken cancellation, bool isLaterLife = false)
    {
        if (mapping.Settings.StartingPosition is not StartingPosition.Latest)
            return;
        ImmutableArray<SourceShard> shards = source.Shards;
        foreach (SourceShard shard in shards)
        {
            if (await checkpoints.LoadAsync(KeyOf(mapping, source, shard), cancellation) is not null)
                return;
        }
        await Task.WhenAll(shards.Select(shard =>             // together: the disk is waited for once
            checkpoints.SaveAsync(KeyOf(mapping, source, shard), new ShardCheckpoint(isLaterLife ? ShardPosition.TrimHorizon : source.Latest(shard)), cancellation).AsTask()));
    }

    public async Task<ShardPump> MakeAsync(IStreamSource source, SourceShard shard, CancellationToken cancellation)
    {
        KinesisEventWriter events = EventWriters.Of(mapping, shard.Id);
        var invoker = new BatchInvoker(settings, function, mapping.FunctionArn, events) { Refused = NoteRefusal };
        var limited = new LimitedInvoker(new MeteredInvoker(invoker, _metrics, clock), concurrency, mapping.Function.Name, mapping.Name, _metrics, clock);
        CheckpointKey key = KeyOf(mapping, source, shard);
        var ports = new ShardPorts(clock, ReaderOf(source, shard), limited, checkpoints, key, DestinationOf(shard, events));
        ShardMachine machine = await MakeMachineAsync(source, shard, events, key, cancellation);
        ShardStatistics counts = statistics.Shard(shard.Id, source.Created);
        counts.Begins(machine.Shard.From.Position);
        var observer = new ShardObserver(counts, mapping.Name, shard.Id, mapping.OnFailure?.ToString() ?? "nowhere", logger)
        {
            Function = _metrics,
            Journal = journal?.Of(mapping.Uuid, source.Created).Begin(clock.GetUtcNow(), Described(source, machine.Shard), shard, machine),
            EventCount = mapping.HasEventCount ? new EventCountMetrics(metrics, mapping.Uuid, hasDestination: mapping.OnFailure is not null) : null,
        };
        _invokers.Enqueue(invoker);
        HandlerThreads.Reserve(settings.ParallelizationFactor * source.OpenShardCount);
        return new ShardPump(machine, ports, observer);
    }

    private void NoteRefusal(FunctionResult.Refused refused)
    {
        statistics.NoteResult(LambdaTexts.Problem(refused.Reason));
        if (refused.IsThrottle)
            _metrics.Throttled();
    }

    private HistoryMapping Described(IStreamSource source, ShardContext shard) => new()
    {
        Name = mapping.Name,
        Settings = settings,
        FunctionTimeout = function.Settings.Timeout,
        OnFailure = mapping.OnFailure?.ToString(),
        Retention = source.Retention,
        FixedRecordLength = shard.FixedRecordLength,
        FixedWindowLength = shard.FixedWindowLength,
    };

    private async Task<ShardMachine> MakeMachineAsync(IStreamSource source, SourceShard shard, KinesisEventWriter events, CheckpointKey key, CancellationToken cancellation)
    {
        ShardCheckpoint from = await checkpoints.LoadAsync(key, cancellation) ?? new ShardCheckpoint(StartOf(settings));
        logger.ShardStarted(mapping.Name, shard.Id, from.Position.ToString());
        return new ShardMachine(settings, new ShardContext
        {
            ShardId = shard.Id,
            HashKeyRange = shard.HashKeyRange,
            FixedRecordLength = events.FixedRecordLength,
            FixedWindowLength = events.FixedWindowLength,
            From = from,
            Retention = source.Retention,
            Seed = Random.Shared.NextInt64(),                 // another one for every start: request ids must not come again
        });
    }

    private static CheckpointKey KeyOf(MappingConfiguration mapping, IStreamSource source, SourceShard shard) => new(mapping.Uuid.ToString(), shard.Id, source.Created.ToUnixTimeMilliseconds());

    private IShardReader ReaderOf(IStreamSource source, SourceShard shard)
    {
        IShardReader records = source.OpenReader(shard);
        if (mapping.HasConsumer)
            return new DeaggregatingReader(records, shard.HashKeyRange);
        return AggregateWatch.Trouble(settings) is { } trouble ? new AggregateWatch(records, () => WarnOfAggregates(trouble)) : records;
    }

    // Once, whichever shard has them first.
    private void WarnOfAggregates(string trouble)
    {
        if (Interlocked.Exchange(ref _warnedOfAggregates, 1) == 0)
            logger.AggregatesFound(mapping.Name, trouble);
    }

    private IOnFailureDestination? DestinationOf(SourceShard shard, KinesisEventWriter events) => destinations.Of(
        mapping.OnFailure, new DiscardSource(mapping.Uuid, shard.Id),
        new DiscardedBatchWriter(mapping.FunctionArn, mapping.SourceArn, shard.Id, function.Settings.FunctionVersion), events, clock);

    private static ShardPosition StartOf(EventSourceMapping mapping) =>
        mapping.StartingPosition is StartingPosition.AtTimestamp ? ShardPosition.AtTimestamp(mapping.StartingPositionTimestamp!.Value) : ShardPosition.TrimHorizon;
}
