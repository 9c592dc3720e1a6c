using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Polling;
using LambdaStreamRunner.Runner.Telemetry;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>A mapping at work: its pumps, its counts, and what can be asked of both.</summary>
internal sealed class RunningMapping : IAsyncDisposable
{
    private readonly SourceFollower _source;
    private readonly PumpFactory _pumps;
    private readonly long _settledBefore;                     // by earlier runs of the mapping
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationToken _abandon;

    public RunningMapping(
        SourceFollower source, MappingStatistics statistics, PumpFactory pumps, long settledBefore, TimeProvider clock, ILogger logger,
        CancellationToken abandon)
    {
        (_source, Statistics, _pumps, _settledBefore, _clock, _logger, _abandon) = (source, statistics, pumps, settledBefore, clock, logger, abandon);
        Ended = EndAsync();
    }

    public string Name => _source.Name;

    public MappingStatistics Statistics { get; }

    /// <summary>Why the mapping reads nothing now, for people; null when it does.</summary>
    public string? Problem => _source.Problem;

    public bool IsDrained => _source.IsDrained;

    /// <summary>Ends well when the mapping has closed, failed or was abandoned; a fault has been logged then.</summary>
    public Task Ended { get; }

    /// <summary>Why it has failed; null when it has not.</summary>
    public MappingFaultException? Fault =>
        _source.Completion.Exception?.InnerException is { } fault ? new MappingFaultException(Name, fault) : null;

    /// <summary>Calls that ran on after their time while the next one of their lane had begun.</summary>
    public int StuckHandlers => _pumps.OverlappingCalls;

    /// <exception cref="MappingFaultException">A pump has failed.</exception>
    public void ThrowIfFailed()
    {
        if (Fault is { } fault)
            throw fault;
    }

    public Task<ImmutableDictionary<string, ShardStatus>> GetStatusAsync(CancellationToken cancellation) => _source.GetStatusAsync(cancellation);

    public MappingProgress Progress()
    {
        MappingProgress progress = Statistics.Progress();
        long known = Math.Max(progress.Known, _settledBefore + _source.KnownRecords);
        TimeSpan? wait = progress.InFlight == 0 ? _source.NextWake - _clock.GetUtcNow() : null;
        return progress with
        {
            Known = known,
            WaitsFor = wait > TimeSpan.FromSeconds(1) ? $"a window or the next try, {wait.Value.TotalSeconds:0} s left; --speed shortens it" : null,
        };
    }

    public MappingSummary Summarize()
    {
        MappingSummary summary = Statistics.Summarize();
        return summary with
        {
            Unsettled = summary.Unsettled + _source.UnreadRecords,
            StuckHandlers = StuckHandlers,
        };
    }

    /// <summary>Stops reading, settles what is in flight, saves the checkpoints: of all shards but those that have failed.</summary>
    public async Task StopAsync()
    {
        try
        {
            await _source.StopAsync(StopMode.SettleInFlight);
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            _logger.MappingAbandoned(Name);
            return;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            await Ended;                                      // has logged it
            return;
        }
        _logger.MappingStopped(Name);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task EndAsync()
    {
        await _source.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_source.Completion.Exception?.InnerException is { } fault)
            _logger.MappingFailed(Name, fault);
    }
}
