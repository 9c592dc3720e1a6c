using System.Diagnostics;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Checkpoints;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Destinations;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.LambdaApi;
using LambdaStreamRunner.Runner.Mappings;
using LambdaStreamRunner.Runner.Polling;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.StreamServer;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Puts a mapping together from its settings, its stream and its function.</summary>
internal sealed class MappingFactory(
    EmbeddedStreams streams, FunctionCatalog functions, FunctionConcurrency concurrency, LambdaMetrics metrics, OnFailureDestinations destinations, MappingLookup lookup,
    ICheckpointStore checkpoints, TimeProvider clock, ILogger logger, CancellationToken abandon)
{
    /// <summary>Why a mapping cannot be started, in the API's words; null when it can.</summary>
    public string? Obstacle(MappingConfiguration mapping)
    {
        if (lookup.FindFunction(mapping.FunctionArn) is null)
            return LambdaTexts.NoFunction;
        if (lookup.FindSource(mapping.SourceArn) is null)
            return LambdaTexts.NoStream(mapping.SourceArn);
        if (mapping.OnFailure is OnFailureDestination.Unresolved destination)
            return LambdaTexts.NoDestination(destination.Arn, destination.Complaint);
        bool isBoth = mapping.Settings.TumblingWindow > TimeSpan.Zero && mapping.Settings.ParallelizationFactor > 1;
        return isBoth ? LambdaTexts.TumblingWithFactor : null;    // one from the file, the other from the API
    }

    /// <summary>The counts of a mapping that has done nothing yet.</summary>
    public MappingStatistics NewStatistics(MappingConfiguration mapping) => new(mapping.Stream.Name, mapping.Function.Name, mapping.Settings, clock)
    {
        Name = mapping.Name,
    };

    /// <summary>Fixes what LATEST means for a mapping that begins for the first time.</summary>
    public Task FixLatestAsync(MappingConfiguration mapping, CancellationToken cancellation) =>
        PumpFactory.FixLatestAsync(mapping, streams.Get(mapping.Stream.Name), checkpoints, cancellation);

    /// <summary>Starts a mapping where its checkpoints stand; what was counted before goes on.</summary>
    public async Task<RunningMapping> StartAsync(MappingConfiguration mapping, MappingStatistics statistics, CancellationToken cancellation)
    {
        EmbeddedStream stream = streams.Get(mapping.Stream.Name);
        InProcessFunction function = await functions.GetAsync(mapping.Function, mapping.Function.VersionOf(mapping.Qualifier)!, cancellation);
        statistics.OnFailureDestination = mapping.OnFailure?.ToString();
        EventSourceMapping settings = WithoutAgeWhileDebugging(mapping);
        var pumps = new PumpFactory(mapping, settings, stream, function, concurrency, metrics, destinations, checkpoints, statistics, clock, logger);
        var supervisor = new MappingSupervisor(mapping.Name, stream, pumps.MakeAsync, clock);
        await PumpFactory.FixLatestAsync(mapping, stream, checkpoints, cancellation);
        long settledBefore = statistics.Progress().Settled;
        await supervisor.StartAsync(cancellation, abandon);
        logger.MappingStarted(mapping.Name, stream.Records.OpenShardCount);
        return new RunningMapping(supervisor, statistics, pumps, settledBefore, clock, logger, abandon);
    }

    // Who stands at a break point would lose the records behind it.
    private EventSourceMapping WithoutAgeWhileDebugging(MappingConfiguration mapping)
    {
        if (!Debugger.IsAttached || mapping.Settings.MaximumRecordAge is null)
            return mapping.Settings;
        logger.AgeNotEnforced(mapping.Name);
        return mapping.Settings with { MaximumRecordAge = null };
    }
}
