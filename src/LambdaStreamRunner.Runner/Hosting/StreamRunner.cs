using System.Collections.Immutable;
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
using LambdaStreamRunner.Runner.Watching;
using LambdaStreamRunner.StreamServer;
using LambdaStreamRunner.StreamServer.Storage;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Streams, functions and the mappings between them, running in this process.</summary>
public sealed class StreamRunner : IAsyncDisposable
{
    private readonly StreamRunnerOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly RunClock _clock;
    private readonly LogTails _tails;
    private readonly FunctionCatalog _functions;
    private readonly StreamStore? _store;                     // null when everything is in memory
    private readonly ICheckpointStore _checkpoints;
    private readonly StreamSources _sources;
    private readonly OnFailureDestinations _destinations;
    private readonly FunctionConcurrency _concurrency;
    private readonly LambdaMetrics _metrics;
    private readonly RunJournal? _journal;                    // null when nobody asks for one
    private readonly CancellationTokenSource _abandon = new();
    private readonly MappingLookup _lookup;
    private readonly MappingRegistry _mappings;
    private readonly FunctionWatch? _watch;                   // null when nobody edits
    private Task _probing = Task.CompletedTask;
    private EmbeddedListener? _listener;
    private RetentionSweep? _sweep;
    private OnDemandScaler? _scaler;

    /// <summary>A runner that has not begun; when streams are kept in a folder, it has taken that.</summary>
    /// <exception cref="StorageException">The data folder is in use, of a newer format, or cannot be written.</exception>
    public StreamRunner(StreamRunnerOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        _loggers = loggers;
        _logger = loggers.CreateLogger("LambdaStreamRunner");
        _clock = new RunClock(time, options.Speed);
        _store = OpenStore();
        _checkpoints = _store is null ? new MemoryCheckpointStore() : new StoredCheckpoints(_store);
        Streams = OpenStreams(time);
        _sources = new StreamSources(Streams, time);
        _destinations = new OnFailureDestinations(options.Configuration.Region, time);
        _tails = new LogTails(options.FunctionListener ?? FunctionListeners.Of(_logger));
        _functions = new FunctionCatalog(time, _tails.Listener.Measured(() => _metrics!), options.Handlers, options.BuildProgress) { IsWatched = options.Watch, Debugging = options.Debugging };
        _watch = options.Watch ? new FunctionWatch(_functions, time, line => options.BuildProgress?.Invoke(line), line => _tails.Listener.Warning?.Invoke(line)) : null;
        _lookup = new MappingLookup(options.Configuration, Streams);
        _journal = options.JournalFile is { } file ? new RunJournal(Path.GetFullPath(file), _logger, _abandon.Token) : null;
        _concurrency = new FunctionConcurrency(options.Configuration);
        _metrics = new LambdaMetrics(() => _concurrency.Running, () => _functions.Environments);
        _mappings = new MappingRegistry(
            new MappingFactory(_sources, _functions, _concurrency, _metrics, _destinations, _lookup, _checkpoints, _clock, _logger, _journal, _abandon.Token),
            new StoredMappings(_store), _checkpoints, _clock, options.Configuration.LifecycleDelays.MappingChanging, _logger);
        Lambda = new LambdaService(_lookup, _mappings, _functions, _concurrency, _metrics, _tails, time, _clock, _abandon.Token);
    }

    /// <summary>The embedded streams.</summary>
    public EmbeddedStreams Streams { get; }

    /// <summary>The folder that streams and checkpoints are kept in; null when they are in memory.</summary>
    public string? DataDirectory => _store?.Folder;

    /// <summary>Where clients reach the streams; null without a listener.</summary>
    public Uri? Endpoint => _listener?.Address;

    /// <summary>The run's clock.</summary>
    public TimeProvider Clock => _clock;

    /// <summary>The mappings that have run, and are not deleted.</summary>
    public IEnumerable<MappingStatistics> Mappings => Polled.Select(mapping => mapping.Statistics);

    /// <summary>All mappings as they are now, or will be when the change that is under way is done: those of the configuration with what the Lambda API made of them, and those that it made.</summary>
    public IReadOnlyList<MappingConfiguration> CurrentMappings => [.. _mappings.All.Select(mapping => mapping.Model.Configuration)];

    /// <summary>What the Lambda API works on.</summary>
    internal LambdaService Lambda { get; }

    private IEnumerable<LiveMapping> Polled => _mappings.All.Where(mapping => mapping.HasRun);

    /// <summary>Loads the functions, creates the streams, opens the port and starts the mappings, in this order.</summary>
    /// <exception cref="InvalidConfigurationException">Settings are out of their range; the message lists all of them. Nothing was started.</exception>
    /// <exception cref="Functions.FunctionLoadException">A function cannot be built, loaded or bound. Nothing was started.</exception>
    /// <exception cref="ListenerException">The port cannot be opened.</exception>
    /// <exception cref="JournalException">The journal is there and not empty, or cannot be written. Nothing was started.</exception>
    /// <exception cref="IOException">A file of a function cannot be read or written.</exception>
    /// <exception cref="ReadRefusedException">A remote stream does not exist, or its endpoint does not answer.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        ImmutableArray<ConfigurationProblem> mistakes = SettingsCheck.MistakesIn(_options, _clock.GetUtcNow());
        if (!mistakes.IsEmpty)
            throw new InvalidConfigurationException("The runner's settings", mistakes);
        if (_journal is not null)
            await _journal.OpenAsync(cancellation);
        if (_options.HasMappings)
            _mappings.Load(_options.Configuration.Mappings, _lookup);
        await LoadFunctionsAsync(cancellation);
        new ConfiguredStreams(Streams, _options.Configuration, _logger).EnsureThere();
        _scaler = new OnDemandScaler(Streams, _logger);
        _sweep = _store is null ? null : new RetentionSweep(Streams, _logger);
        if (_options.Port is { } port)
        {
            _listener = await EmbeddedListener.OpenAsync(this, _options, port, _loggers, cancellation);
            _logger.Listening(_listener.Address.ToString());
        }
        HandlerThreads.Reserve(EnabledMappings().Sum(
            mapping => mapping.Settings.ParallelizationFactor * (Streams.TryGet(mapping.Stream.Name, out EmbeddedStream? stream) ? stream.Records.OpenShardCount : 0)));
        await _mappings.StartAsync(cancellation);
        _probing = DestinationProbe.RunAsync(_destinations, EnabledMappings(), _logger, _abandon.Token);
        StartWatching();
    }

    /// <summary>True when every record on the streams of the mappings is settled now.</summary>
    public bool IsDrained => _mappings.All.All(mapping => mapping.IsDrained);

    /// <summary>Waits until every record on the streams of the mappings is settled, and stays so as long as nobody puts.</summary>
    /// <exception cref="MappingFaultException">A mapping has failed.</exception>
    public async Task WaitUntilDrainedAsync(CancellationToken cancellation)
    {
        while (!IsDrained)
        {
            ThrowIfFailed();
            await Task.Delay(DrainProbeInterval, TimeProvider.System, cancellation);
        }
        ThrowIfFailed();
    }

    /// <summary>Waits until a mapping fails, which is a fault of the runner, or for ever.</summary>
    /// <exception cref="MappingFaultException">A mapping has failed.</exception>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    public async Task WaitForFaultAsync(CancellationToken cancellation)
    {
        throw await _mappings.Fault.WaitAsync(cancellation);
    }

    /// <summary>How far every mapping is, for people who watch.</summary>
    public IReadOnlyList<MappingProgress> Progress() => [.. Polled.Select(mapping => mapping.Progress())];

    /// <summary>What keeps mappings from reading now, by their names: a stream that was deleted, an endpoint that does not answer, a function that cannot be loaded.</summary>
    public ImmutableSortedDictionary<string, string> Problems() => _mappings.All
        .Where(mapping => mapping.Model.Configuration.IsEnabled && mapping.Problem is not null)
        .ToImmutableSortedDictionary(mapping => mapping.Name, mapping => mapping.Problem ?? "", StringComparer.Ordinal);

    /// <summary>Why the journal ends before the run, for people; null when it does not, or when there is none.</summary>
    public string? JournalProblem => _journal?.Problem;

    /// <summary>Where every shard of every mapping stands, by the mapping's name.</summary>
    public async Task<ImmutableDictionary<string, ImmutableDictionary<string, ShardStatus>>> GetStatusAsync(CancellationToken cancellation)
    {
        var statuses = ImmutableDictionary.CreateBuilder<string, ImmutableDictionary<string, ShardStatus>>(StringComparer.Ordinal);
        foreach (LiveMapping mapping in _mappings.All)
        {
            if (mapping.Running is { } running)
                statuses[mapping.Name] = await running.GetStatusAsync(cancellation);
        }
        return statuses.ToImmutable();
    }

    /// <summary>Stops reading, settles what is in flight, saves the checkpoints, closes the port. A mapping that has failed does not hold up the others.</summary>
    /// <param name="abandon">Fires when running invocations, and the journal's file, shall not be waited for any more.</param>
    public async Task StopAsync(CancellationToken abandon)
    {
        await using (abandon.Register(_abandon.Cancel))
        {
            if (_options.StopTimeout is { } patience)
                _abandon.CancelAfter(patience);
            if (_watch is not null)
                await _watch.StopAsync();
            await _mappings.StopAsync();
            if (_listener is not null)
                await _listener.CloseAsync();
            if (_journal is not null)
                await _journal.CompleteAsync();
        }
    }

    /// <summary>What was done so far.</summary>
    public RunSummary Summarize() => RunSummary.Of(_mappings.Summarize()) with
    {
        Faults = FaultSummary.Of(Streams),
        Functions = _functions.Environments.ToArray() is { Length: > 0 } functions ? functions : null,
    };

    /// <summary>What became of the environments of each function that runs in processes.</summary>
    internal IEnumerable<EnvironmentSummary> Environments => _functions.Environments;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => OrderlyEnd.OfAsync(
        async () => await _abandon.CancelAsync(),
        OrderlyEnd.Of(_watch),
        OrderlyEnd.Of(_mappings),
        async () => await (_listener?.CloseAsync() ?? Task.CompletedTask),
        OrderlyEnd.Of(_journal),
        OrderlyEnd.Of(Lambda),
        OrderlyEnd.Of(_functions),                            // after everybody who invokes
        async () => await _probing,
        OrderlyEnd.Of(_destinations),
        OrderlyEnd.Of(_scaler),
        OrderlyEnd.Of(_sweep),
        OrderlyEnd.Of(_sources),
        OrderlyEnd.Of(_metrics),
        StopStreams,
        OrderlyEnd.Of(_store),                                // last: who was still writing has been told
        OrderlyEnd.Of(_abandon));

    // Often enough that nobody notices, seldom enough to cost nothing.
    private static readonly TimeSpan DrainProbeInterval = TimeSpan.FromMilliseconds(20);

    private StreamStore? OpenStore() => _options.Configuration.DataDirectory is { } folder
        ? StreamStore.Open(new StorageOptions(folder) { Durability = _options.Durability }, _logger)
        : null;

    private EmbeddedStreams OpenStreams(TimeProvider time)
    {
        try
        {
            return ConfiguredStreams.Open(_options.Configuration, _clock, time, _store);
        }
        catch
        {
            _store?.Dispose();
            throw;
        }
    }

    private ValueTask StopStreams()
    {
        Streams.Stop();
        return ValueTask.CompletedTask;
    }

    // Those of the file's mappings: what the API made or changed loads its own, and has a problem when it cannot.
    private async Task LoadFunctionsAsync(CancellationToken cancellation)
    {
        FunctionConfiguration[] needed = [.. _mappings.All
            .Where(mapping => !mapping.IsKept && mapping.Model.Configuration.IsEnabled)
            .Select(mapping => mapping.Model.Configuration.Function).Distinct()];
        await _functions.LoadAsync(needed, cancellation);
    }

    private void StartWatching()
    {
        if (_watch is null)
            return;
        foreach (FunctionConfiguration function in _options.Configuration.Functions)
        {
            if (_functions.WhyNotWatched(function) is { } reason)
                _options.BuildProgress?.Invoke($"Not watching {function.Name}: {reason}.");
        }
        _watch.Start();
    }

    private MappingConfiguration[] EnabledMappings() =>
        [.. _mappings.All.Select(mapping => mapping.Model.Configuration).Where(mapping => mapping.IsEnabled)];

    /// <exception cref="MappingFaultException">A mapping has failed.</exception>
    internal void ThrowIfFailed()
    {
        foreach (LiveMapping mapping in _mappings.All)
            mapping.Running?.ThrowIfFailed();
    }
}
