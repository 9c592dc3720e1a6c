using System.Collections.Immutable;
using System.Diagnostics;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Checkpoints;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Destinations;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.Polling;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.StreamServer;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Puts a mapping together from its settings, its stream and its function: a pump for every shard.</summary>
internal sealed class MappingFactory(
    EmbeddedStreams streams, FunctionCatalog functions, ICheckpointStore checkpoints, TimeProvider clock, ILogger logger, CancellationToken abandon)
{
    public async Task<RunningMapping> StartAsync(MappingConfiguration mapping, CancellationToken cancellation)
    {
        EmbeddedStream stream = streams.Get(mapping.Stream.Name);
        EventSourceMapping settings = WithoutAgeWhileDebugging(mapping);
        var statistics = new MappingStatistics(mapping.Stream.Name, mapping.Function.Name, settings, clock)
        {
            OnFailureDestination = mapping.OnFailureFile,
        };
        var pumps = ImmutableArray.CreateBuilder<ShardPump>();
        var invokers = ImmutableArray.CreateBuilder<InProcessInvoker>();
        foreach (Shard shard in stream.Records.Shards)
        {
            var events = new KinesisEventWriter(mapping.Stream.Arn, PartOf(mapping.Stream.Arn, ArnPart.Region), RoleOf(mapping.Function), shard.Id);
            var invoker = new InProcessInvoker(settings, functions[mapping.Function.Name], mapping.Function.Arn, events);
            var key = new CheckpointKey(mapping.Name, shard.Id, stream.Records.Created.ToUnixTimeMilliseconds());
            var ports = new ShardPorts(clock, new EmbeddedShardReader(stream, shard), invoker, checkpoints, key, DestinationOf(mapping, shard));
            ShardMachine machine = await MakeMachineAsync(settings, stream, shard, events, key, cancellation);
            var observer = new ShardObserver(statistics.Shard(shard.Id), mapping.Name, shard.Id, mapping.OnFailureFile ?? "nowhere", logger);
            pumps.Add(new ShardPump(machine, ports, observer));
            invokers.Add(invoker);
        }
        logger.MappingStarted(mapping.Name, pumps.Count);
        return new RunningMapping(new MappingSupervisor(mapping.Name, pumps.ToImmutable()), statistics, invokers.ToImmutable(), clock, logger, abandon);
    }

    private async Task<ShardMachine> MakeMachineAsync(
        EventSourceMapping settings, EmbeddedStream stream, Shard shard, KinesisEventWriter events, CheckpointKey key, CancellationToken cancellation)
    {
        ShardCheckpoint? saved = await checkpoints.LoadAsync(key, cancellation);
        ShardCheckpoint from = saved ?? new ShardCheckpoint(shard.Resolve(StartOf(settings)));
        if (saved is null)                                    // LATEST means the first start, also for the second one
            await checkpoints.SaveAsync(key, from, cancellation);
        logger.ShardStarted(key.Mapping, shard.Id, from.Position.ToString());
        return new ShardMachine(settings, new ShardContext
        {
            ShardId = shard.Id,
            HashKeyRange = shard.HashKeyRange,
            FixedRecordLength = events.FixedRecordLength,
            From = from,
            Retention = stream.Records.Retention,
            Seed = Random.Shared.NextInt64(),                 // another one for every start: request ids must not come again
        });
    }

    // Who stands at a break point would lose the records behind it.
    private EventSourceMapping WithoutAgeWhileDebugging(MappingConfiguration mapping)
    {
        if (!Debugger.IsAttached || mapping.Settings.MaximumRecordAge is null)
            return mapping.Settings;
        logger.AgeNotEnforced(mapping.Name);
        return mapping.Settings with { MaximumRecordAge = null };
    }

    private static FileDestination? DestinationOf(MappingConfiguration mapping, Shard shard) =>
        mapping.OnFailureFile is { } file ? new FileDestination(file, new DiscardedBatchWriter(mapping.Function.Arn, mapping.Stream.Arn, shard.Id)) : null;

    private static ShardPosition StartOf(EventSourceMapping mapping) => mapping.StartingPosition switch
    {
        StartingPosition.Latest => ShardPosition.Latest,
        StartingPosition.AtTimestamp => ShardPosition.AtTimestamp(mapping.StartingPositionTimestamp!.Value),
        _ => ShardPosition.TrimHorizon,
    };

    private static string RoleOf(FunctionConfiguration function) => $"arn:aws:iam::{PartOf(function.Arn, ArnPart.Account)}:role/{function.Name}";

    private static string PartOf(string arn, ArnPart part) => arn.Split(':')[(int)part];

    // arn:partition:service:region:account:resource
    private enum ArnPart
    {
        Region = 3,
        Account = 4,
    }
}
