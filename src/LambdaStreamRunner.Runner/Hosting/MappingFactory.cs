using System.Diagnostics;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Checkpoints;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Destinations;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.Polling;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.StreamServer;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Puts a mapping together from its settings, its stream and its function.</summary>
internal sealed class MappingFactory(
    EmbeddedStreams streams, FunctionCatalog functions, FunctionConcurrency concurrency, LambdaMetrics metrics, OnFailureDestinations destinations,
    ICheckpointStore checkpoints, TimeProvider clock, ILogger logger, CancellationToken abandon)
{
    public async Task<RunningMapping> StartAsync(MappingConfiguration mapping, CancellationToken cancellation)
    {
        EmbeddedStream stream = streams.Get(mapping.Stream.Name);
        EventSourceMapping settings = WithoutAgeWhileDebugging(mapping);
        var statistics = new MappingStatistics(mapping.Stream.Name, mapping.Function.Name, settings, clock)
        {
            Name = mapping.Name,
            OnFailureDestination = mapping.OnFailure?.ToString(),
        };
        var pumps = new PumpFactory(mapping, settings, stream, functions[mapping.Function.Name], concurrency, metrics, destinations, checkpoints, statistics, clock, logger);
        var supervisor = new MappingSupervisor(mapping.Name, stream, pumps.MakeAsync, clock);
        await pumps.FixLatestAsync(cancellation);
        await supervisor.StartAsync(cancellation, abandon);
        logger.MappingStarted(mapping.Name, stream.Records.OpenShardCount);
        return new RunningMapping(supervisor, statistics, pumps, clock, logger, abandon);
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
