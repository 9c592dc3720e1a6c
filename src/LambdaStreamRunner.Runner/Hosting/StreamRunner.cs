using System.Collections.Immutable;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Checkpoints;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Destinations;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.Polling;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.StreamServer;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Streams, functions and the mappings between them, running in this process.</summary>
public sealed class StreamRunner : IAsyncDisposable
{
    private readonly StreamRunnerOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly RunClock _clock;
    private readonly FunctionCatalog _functions;
    private readonly MemoryCheckpointStore _checkpoints = new();
    private readonly CancellationTokenSource _abandon = new();
    private ImmutableArray<RunningMapping> _mappings = [];
    private EmbeddedListener? _listener;

    /// <summary>A runner that has not begun.</summary>
    public StreamRunner(StreamRunnerOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        _loggers = loggers;
        _logger = loggers.CreateLogger("LambdaStreamRunner");
        _clock = new RunClock(time, options.Speed);
        Streams = new EmbeddedStreams(
            new EmbeddedStreamsOptions { Region = options.Configuration.Region, Account = options.Configuration.AccountId }, _clock, time);
        _functions = new FunctionCatalog(time, options.FunctionListener ?? LogListener());
    }

    /// <summary>The embedded streams.</summary>
    public EmbeddedStreams Streams { get; }

    /// <summary>Where clients reach the streams; null without a listener.</summary>
    public Uri? Endpoint => _listener?.Address;

    /// <summary>The run's clock.</summary>
    public TimeProvider Clock => _clock;

    /// <summary>The mappings that run.</summary>
    public IEnumerable<MappingStatistics> Mappings => _mappings.Select(mapping => mapping.Statistics);

    /// <summary>Loads the functions, creates the streams, opens the port and starts the mappings, in this order.</summary>
    /// <exception cref="InvalidConfigurationException">Settings are out of their range; the message lists all of them. Nothing was started.</exception>
    /// <exception cref="Functions.FunctionLoadException">A function cannot be built, loaded or bound. Nothing was started.</exception>
    /// <exception cref="IOException">The port cannot be opened.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        ImmutableArray<ConfigurationProblem> mistakes = SettingsCheck.MistakesIn(_options, _clock.GetUtcNow());
        if (!mistakes.IsEmpty)
            throw new InvalidConfigurationException("The runner's settings", mistakes);
        await LoadFunctionsAsync(cancellation);
        foreach (StreamConfiguration stream in _options.Configuration.Streams)
        {
            if (!Streams.TryGet(stream.Name, out _))
                Streams.Create(stream.Name, stream.ShardCount);
        }
        if (_options.Port is { } port)
        {
            _listener = await EmbeddedListener.OpenAsync(Streams, _options, port, _loggers, cancellation);
            _logger.Listening(_listener.Address.ToString());
        }
        MappingConfiguration[] enabled = [.. _options.Configuration.Mappings.Where(mapping => mapping.IsEnabled)];
        HandlerThreads.Reserve(enabled.Sum(mapping => mapping.Settings.ParallelizationFactor * Streams.Get(mapping.Stream.Name).Records.Shards.Length));
        foreach (MappingConfiguration mapping in enabled)
            _mappings = _mappings.Add(await StartAsync(mapping, cancellation));
    }

    /// <summary>Waits until every record on the streams of the mappings is settled, and stays so as long as nobody puts.</summary>
    /// <exception cref="InvalidOperationException">A mapping has failed: a fault of the runner, not of a function.</exception>
    public async Task WaitUntilDrainedAsync(CancellationToken cancellation)
    {
        while (!_mappings.All(mapping => mapping.Supervisor.IsDrained))
        {
            ThrowIfFailed();
            await Task.Delay(DrainProbeInterval, TimeProvider.System, cancellation);
        }
        ThrowIfFailed();
    }

    /// <summary>Waits until a mapping fails, which is a fault of the runner, or for ever.</summary>
    /// <exception cref="InvalidOperationException">A mapping has failed.</exception>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    public async Task WaitForFaultAsync(CancellationToken cancellation)
    {
        Task forever = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        await await Task.WhenAny([forever, .. _mappings.Select(mapping => FaultOfAsync(mapping.Supervisor, forever))]);
    }

    /// <summary>How far every mapping is, for people who watch.</summary>
    public IReadOnlyList<MappingProgress> Progress() => [.. _mappings.Select(ProgressOf)];

    /// <summary>Where every shard of every mapping stands, by the mapping's name.</summary>
    public async Task<ImmutableDictionary<string, ImmutableDictionary<string, ShardStatus>>> GetStatusAsync(CancellationToken cancellation)
    {
        var statuses = ImmutableDictionary.CreateBuilder<string, ImmutableDictionary<string, ShardStatus>>(StringComparer.Ordinal);
        foreach (RunningMapping mapping in _mappings)
            statuses.Add(mapping.Supervisor.Name, await mapping.Supervisor.GetStatusAsync(cancellation));
        return statuses.ToImmutable();
    }

    /// <summary>Stops reading, settles what is in flight, saves the checkpoints, closes the port.</summary>
    /// <param name="abandon">Fires when running invocations shall not be waited for any more.</param>
    public async Task StopAsync(CancellationToken abandon)
    {
        await using (abandon.Register(_abandon.Cancel))
        {
            if (_options.StopTimeout is { } patience)
                _abandon.CancelAfter(patience);
            foreach (Task stop in _mappings.Select(mapping => StopAsync(mapping)).ToArray())
                await stop;
        }
        if (_listener is not null)
            await _listener.CloseAsync();
    }

    /// <summary>What was done so far.</summary>
    public RunSummary Summarize() => RunSummary.Of(_mappings.Select(mapping =>
    {
        MappingSummary summary = mapping.Statistics.Summarize();
        return summary with
        {
            Unsettled = summary.Unsettled + mapping.Supervisor.UnreadRecords,
            StuckHandlers = _functions[summary.Function].OverlappingCalls,
        };
    }));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _abandon.CancelAsync();
        foreach (RunningMapping mapping in _mappings)
            await mapping.Supervisor.DisposeAsync();
        if (_listener is not null)
            await _listener.CloseAsync();
        _abandon.Dispose();
    }

    // Often enough that nobody notices, seldom enough to cost nothing.
    private static readonly TimeSpan DrainProbeInterval = TimeSpan.FromMilliseconds(20);

    private async Task LoadFunctionsAsync(CancellationToken cancellation)
    {
        MappingConfiguration[] mappings = [.. _options.Configuration.Mappings.Where(mapping => mapping.IsEnabled)];
        FunctionConfiguration[] needed = [.. mappings.Select(mapping => mapping.Function).Distinct()];
        await _functions.LoadAsync(needed, _options.Handlers, _options.BuildProgress, cancellation);
        HandlerThreads.Reserve(mappings.Sum(mapping => mapping.Stream.ShardCount * mapping.Settings.ParallelizationFactor));
    }

    private async Task<RunningMapping> StartAsync(MappingConfiguration mapping, CancellationToken cancellation)
    {
        EmbeddedStream stream = Streams.Get(mapping.Stream.Name);
        var statistics = new MappingStatistics(mapping.Stream.Name, mapping.Function.Name, mapping.Settings, _clock)
        {
            OnFailureDestination = mapping.OnFailureFile,
        };
        var pumps = ImmutableArray.CreateBuilder<ShardPump>();
        foreach (Shard shard in stream.Records.Shards)
            pumps.Add(await MakePumpAsync(mapping, stream, shard, statistics.Shard(shard.Id), cancellation));
        var supervisor = new MappingSupervisor(mapping.Name, pumps.ToImmutable());
        _logger.MappingStarted(mapping.Name, pumps.Count);
        supervisor.Start(_abandon.Token);
        return new RunningMapping(supervisor, statistics);
    }

    private async Task<ShardPump> MakePumpAsync(
        MappingConfiguration mapping, EmbeddedStream stream, Shard shard, ShardStatistics statistics, CancellationToken cancellation)
    {
        var events = new KinesisEventWriter(mapping.Stream.Arn, RegionOf(mapping.Stream.Arn), RoleOf(mapping.Function), shard.Id);
        var key = new CheckpointKey(mapping.Name, shard.Id);
        ShardCheckpoint? saved = await _checkpoints.LoadAsync(key, cancellation);
        ShardCheckpoint from = saved ?? new ShardCheckpoint(shard.Resolve(StartOf(mapping.Settings)));
        var machine = new ShardMachine(mapping.Settings, new ShardContext
        {
            ShardId = shard.Id,
            HashKeyRange = shard.HashKeyRange,
            FixedRecordLength = events.FixedRecordLength,
            From = from,
            Retention = stream.Records.Retention,
            Seed = Random.Shared.NextInt64(),
        });
        _logger.ShardStarted(mapping.Name, shard.Id, from.Position.ToString());
        var ports = new ShardPorts(
            _clock,
            new EmbeddedShardReader(stream, shard, _clock),
            new InProcessInvoker(mapping.Settings, _functions[mapping.Function.Name], mapping.Function.Arn, events),
            _checkpoints,
            key,
            mapping.OnFailureFile is null ? null : new FileDestination(mapping.OnFailureFile, new DiscardedBatchWriter(mapping.Function.Arn, mapping.Stream.Arn, shard.Id)));
        return new ShardPump(machine, ports, new ShardObserver(statistics, mapping.Name, shard.Id, mapping.OnFailureFile ?? "nowhere", _logger));
    }

    private async Task StopAsync(RunningMapping mapping)
    {
        try
        {
            await mapping.Supervisor.StopAsync(StopMode.SettleInFlight);
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            _logger.MappingAbandoned(mapping.Supervisor.Name);
            return;
        }
        _logger.MappingStopped(mapping.Supervisor.Name);
    }

    private MappingProgress ProgressOf(RunningMapping mapping)
    {
        MappingProgress progress = mapping.Statistics.Progress();
        TimeSpan? wait = progress.InFlight == 0 ? mapping.Supervisor.NextWake - _clock.GetUtcNow() : null;
        return progress with
        {
            Known = progress.Known + mapping.Supervisor.UnreadRecords,
            WaitsFor = wait > TimeSpan.FromSeconds(1) ? $"a batching window or the next try, {wait.Value.TotalSeconds:0} s left; --speed shortens it" : null,
        };
    }

    private static async Task FaultOfAsync(MappingSupervisor supervisor, Task forever)
    {
        await supervisor.Completion.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        ThrowIfFailed(supervisor);
        await forever;
    }

    private void ThrowIfFailed()
    {
        foreach (RunningMapping mapping in _mappings)
            ThrowIfFailed(mapping.Supervisor);
    }

    private static void ThrowIfFailed(MappingSupervisor supervisor)
    {
        if (supervisor.Completion is { IsFaulted: true, Exception: { } fault })
            throw new InvalidOperationException($"{supervisor.Name}: {fault.InnerException?.Message}", fault.InnerException);
    }

    private static ShardPosition StartOf(EventSourceMapping mapping) => mapping.StartingPosition switch
    {
        StartingPosition.Latest => ShardPosition.Latest,
        StartingPosition.AtTimestamp => ShardPosition.AtTimestamp(mapping.StartingPositionTimestamp!.Value),
        _ => ShardPosition.TrimHorizon,
    };

    private static string RegionOf(string arn) => arn.Split(':')[3];

    private static string RoleOf(FunctionConfiguration function) => $"arn:aws:iam::{function.Arn.Split(':')[4]}:role/{function.Name}";

    private FunctionListener LogListener() => new()
    {
        LogLine = line => _logger.FunctionSaid(line.FunctionName, line.RequestId, line.Level, line.Text),
        Warning = warning => _logger.FunctionWarning(warning),
    };

    private sealed record RunningMapping(MappingSupervisor Supervisor, MappingStatistics Statistics);
}
