using System.Diagnostics;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Checkpoints;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Destinations;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.Journals;
using LambdaStreamRunner.Runner.LambdaApi;
using LambdaStreamRunner.Runner.Mappings;
using LambdaStreamRunner.Runner.Polling;
using LambdaStreamRunner.Runner.Telemetry;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Puts a mapping together from its settings, its stream and its function.</summary>
internal sealed class MappingFactory(
    StreamSources sources, FunctionCatalog functions, FunctionConcurrency concurrency, LambdaMetrics metrics, OnFailureDestinations destinations, MappingLookup lookup,
    ICheckpointStore checkpoints, TimeProvider clock, ILogger logger, RunJournal? journal, CancellationToken abandon)
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

    /// <summary>Looks whether the stream can be read, and fixes what LATEST means for a mapping that begins for the first time.</summary>
    /// <exception cref="LambdaException">There is no such stream, or nobody answers.</exception>
    public async Task FindStreamAsync(MappingConfiguration mapping, CancellationToken cancellation)
    {
        try
        {
            IStreamSource source = await sources.FindAsync(mapping, cancellation) ?? throw LambdaException.InvalidParameter(LambdaTexts.NoStream(mapping.SourceArn));
            if (mapping.IsEnabled)
                await PumpFactory.FixLatestAsync(mapping, source, checkpoints, cancellation);
        }
        catch (ReadRefusedException refused)
        {
            throw LambdaException.Service(NoStream(mapping, refused.Message, refused).Message);
        }
    }

    /// <summary>Starts a mapping where its checkpoints stand; what was counted before goes on.</summary>
    /// <exception cref="ReadRefusedException">There is no such stream, or nobody answers, and <paramref name="mustBeThere"/>.</exception>
    public async Task<RunningMapping> StartAsync(MappingConfiguration mapping, MappingStatistics statistics, bool mustBeThere, CancellationToken cancellation)
    {
        IFunction function = await functions.GetAsync(mapping.Function, mapping.Function.VersionOf(mapping.Qualifier)!, cancellation);
        statistics.OnFailureDestination = mapping.OnFailure?.ToString();
        EventSourceMapping settings = WithoutAgeWhileDebugging(mapping);
        var pumps = new PumpFactory(mapping, settings, function, concurrency, metrics, destinations, checkpoints, statistics, clock, logger, journal);
        DateTimeOffset? firstLife = null;
        var source = new SourceFollower(mapping.Name, cancelled => sources.FindAsync(mapping, cancelled), PrepareAsync, clock)
        {
            ProblemChanged = problem => LogProblem(mapping.Name, problem),
            CreatedNow = mapping.Stream.Endpoint is null ? () => CreatedNow(mapping) : null,
        };
        long settledBefore = statistics.Progress().Settled;
        try
        {
            await source.StartAsync(cancellation, abandon, mustBeThere);
        }
        catch (ReadRefusedException refused)
        {
            await source.DisposeAsync();
            throw NoStream(mapping, refused.Message, refused);
        }
        return new RunningMapping(source, statistics, pumps, settledBefore, clock, logger, abandon);

        async Task<MappingSupervisor> PrepareAsync(IStreamSource found, CancellationToken cancelled)
        {
            firstLife ??= found.Created;
            await PumpFactory.FixLatestAsync(mapping, found, checkpoints, cancelled, isLaterLife: found.Created != firstLife);
            logger.MappingStarted(mapping.Name, found.OpenShardCount);
            return new MappingSupervisor(found, (shard, starting) => pumps.MakeAsync(found, shard, starting), clock)
            {
                LookFailed = error => logger.LookFailed(mapping.Name, error),
            };
        }
    }

    // A stream of this process is found, or not, at once.
    private DateTimeOffset? CreatedNow(MappingConfiguration mapping)
    {
        ValueTask<IStreamSource?> found = sources.FindAsync(mapping, CancellationToken.None);
        return found.IsCompletedSuccessfully ? found.Result?.Created : null;
    }

    private static ReadRefusedException NoStream(MappingConfiguration mapping, string why, Exception? inner) =>
        new($"{mapping.Name}: {mapping.Stream.Arn}{(mapping.Stream.Endpoint is { } endpoint ? $" at {endpoint}" : "")} cannot be read: {why}", inner);

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
        if (!(Debugger.IsAttached || functions.IsDebugged(mapping.Function)) || mapping.Settings.MaximumRecordAge is null)
            return mapping.Settings;
        logger.AgeNotEnforced(mapping.Name);
        return mapping.Settings with { MaximumRecordAge = null };
    }
}
