using System.Diagnostics;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Checkpoints;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.Polling;
using LambdaStreamRunner.Runner.Telemetry;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Puts a mapping together from its settings, its stream and its function.</summary>
internal sealed class MappingFactory(
    StreamSources sources, FunctionCatalog functions, ICheckpointStore checkpoints, TimeProvider clock, ILogger logger, CancellationToken abandon)
{
    /// <exception cref="ReadRefusedException">There is no such stream, or nobody answers.</exception>
    public async Task<RunningMapping> StartAsync(MappingConfiguration mapping, CancellationToken cancellation)
    {
        EventSourceMapping settings = WithoutAgeWhileDebugging(mapping);
        var statistics = new MappingStatistics(mapping.Stream.Name, mapping.Function.Name, settings, clock)
        {
            Name = mapping.Name,
            OnFailureDestination = mapping.OnFailureFile,
        };
        var pumps = new PumpFactory(mapping, settings, functions[mapping.Function.Name], checkpoints, statistics, clock, logger);
        var source = new SourceFollower(mapping.Name, cancelled => sources.FindAsync(mapping, cancelled), PrepareAsync, clock)
        {
            ProblemChanged = problem => LogProblem(mapping.Name, problem),
        };
        try
        {
            await source.StartAsync(cancellation, abandon);
        }
        catch (ReadRefusedException refused)
        {
            await source.DisposeAsync();
            throw new ReadRefusedException($"{mapping.Name}: {mapping.Stream.Arn}{Where(mapping.Stream)} cannot be read: {refused.Message}", refused);
        }
        return new RunningMapping(source, statistics, pumps, clock, logger, abandon);

        async Task<MappingSupervisor> PrepareAsync(IStreamSource found, CancellationToken cancelled)
        {
            await pumps.FixLatestAsync(found, cancelled);
            logger.MappingStarted(mapping.Name, found.OpenShardCount);
            return new MappingSupervisor(found, (shard, starting) => pumps.MakeAsync(found, shard, starting), clock);
        }
    }

    private static string Where(StreamConfiguration stream) => stream.Endpoint is { } endpoint ? $" at {endpoint}" : "";

    private void LogProblem(string mapping, string? problem)
    {
        if (problem is null)
            logger.MappingRecovered(mapping);
        else
            logger.MappingHasProblem(mapping, problem);
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
