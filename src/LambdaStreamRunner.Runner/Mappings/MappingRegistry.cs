using System.Collections.Immutable;
using LambdaStreamRunner.Runner.Checkpoints;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.LambdaApi;
using LambdaStreamRunner.Runner.Telemetry;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Mappings;

/// <summary>The mappings of a runner: made, changed and deleted while it runs. What the API does to them survives the process, when there is a data folder.</summary>
/// <remarks>
/// A change is kept before it is answered, and answered before it is done. One change of a mapping at a time: who comes in
/// between gets ResourceInUseException.
/// </remarks>
internal sealed class MappingRegistry : IAsyncDisposable
{
    /// <summary>Most mappings at a time.</summary>
    public const int MappingsMax = 1_000;

    /// <summary>How often a mapping is tried again that should be polled and could not be started.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly MappingFactory _factory;
    private readonly KeptMappings _kept;
    private readonly MappingChanges _changes;
    private readonly RetiredMappings _retired = new();
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<MappingFaultException> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<LiveMapping> _mappings = [];
    private Task? _retrying;                                  // since a start has failed
    private ImmutableArray<LiveMapping> _loaded = [];         // those that the start begins: clients may make others meanwhile
    private int _lastOrdinal;

    public MappingRegistry(
        MappingFactory factory, StoredMappings store, ICheckpointStore checkpoints, TimeProvider clock, TimeSpan changingDelay, ILogger logger)
    {
        (_factory, _clock) = (factory, clock);
        _kept = new KeptMappings(store, checkpoints);
        _changes = new MappingChanges(clock, changingDelay, logger, _stopping.Token);
    }

    /// <summary>The mappings, in the order in which they were made.</summary>
    public ImmutableArray<LiveMapping> All
    {
        get
        {
            lock (_gate)
                return _mappings;
        }
    }

    /// <summary>Ends when a mapping fails, which is a fault of the runner.</summary>
    public Task<MappingFaultException> Fault => _fault.Task;

    /// <summary>The mapping with this UUID.</summary>
    /// <exception cref="LambdaException">ResourceNotFoundException: there is none.</exception>
    public LiveMapping Get(string uuid) =>
        Guid.TryParseExact(uuid, "D", out Guid wanted) && All.FirstOrDefault(mapping => mapping.Uuid == wanted) is { } found
            ? found
            : throw LambdaException.NotFound(LambdaTexts.NoSuchResource);

    /// <summary>Takes over the mappings of the configuration, and those that are kept. Nothing is started.</summary>
    /// <exception cref="StreamServer.Storage.StorageException">What is kept cannot be read.</exception>
    public void Load(ImmutableArray<MappingConfiguration> configured, MappingLookup lookup)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        foreach (RememberedMapping mapping in _kept.Recall(configured, lookup))
        {
            var model = new MappingModel(
                mapping.Configuration, MappingState.Creating, mapping.Document?.LastModified ?? now, mapping.Document?.Tags ?? MappingModel.NoTags);
            Add(model, mapping.File).IsKept = mapping.Document is not null;
        }
        _loaded = All;
    }

    /// <summary>Starts those that were loaded and are enabled. One that the API made or changed may have a problem, as it may while the runner runs; what the file alone says must work.</summary>
    /// <exception cref="Functions.FunctionLoadException">The function of a mapping of the file cannot be built, loaded or bound.</exception>
    /// <exception cref="Polling.ReadRefusedException">The stream of a mapping of the file cannot be read.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await _kept.ForgetDeletedAsync(() => All);
        if (All.Any(mapping => mapping.IsKept))
            await _kept.SaveAsync(() => All);                 // with what the file says now, so that only a later edit is one
        foreach (LiveMapping mapping in _loaded)
        {
            if (mapping.Model.Configuration.IsEnabled)
                await StartLoadedAsync(mapping, cancellation);
            mapping.Become(model => model with { State = model.RestingState });
        }
    }

    /// <summary>Makes a mapping; LATEST is bound to a place when the task ends.</summary>
    /// <exception cref="LambdaException">There is one from the source to the function, there are too many, or the stream cannot be read.</exception>
    public async Task<(LiveMapping Mapping, MappingModel Created)> CreateAsync(MappingConfiguration wanted, ImmutableSortedDictionary<string, string> tags)
    {
        LiveMapping mapping = AddNew(new MappingModel(wanted, MappingState.Creating, _clock.GetUtcNow(), tags));
        try
        {
            await _factory.FindStreamAsync(wanted, _stopping.Token);
            await SaveChangedAsync(mapping);
        }
        catch
        {
            Remove(mapping);
            throw;
        }
        return (mapping, await _changes.CarryOutAsync(mapping, wanted.IsEnabled ? () => StartChangedAsync(mapping) : () => Task.CompletedTask));
    }

    /// <summary>Gives a mapping other settings, which take effect after the invocations in flight.</summary>
    /// <param name="mapping">The mapping.</param>
    /// <param name="change">Makes the settings out of those of the moment; may throw what the client is told.</param>
    /// <exception cref="LambdaException">Another change is under way, another mapping has this function, or the stream cannot be read from now on.</exception>
    public async Task<MappingModel> UpdateAsync(LiveMapping mapping, Func<MappingConfiguration, MappingConfiguration> change)
    {
        MappingModel before = Begin(mapping, model => model.ChangedTo(change(model.Configuration), _clock.GetUtcNow()));
        MappingConfiguration next = mapping.Model.Configuration;
        try
        {
            if (next.FunctionArn != before.Configuration.FunctionArn)
                ThrowIfTaken(next, mapping);
            if (next.IsEnabled && !before.Configuration.IsEnabled && _factory.Obstacle(next) is null)
                await _factory.FindStreamAsync(next, _stopping.Token);
            await SaveChangedAsync(mapping);
        }
        catch
        {
            mapping.Become(_ => before);
            throw;
        }
        return await _changes.CarryOutAsync(mapping, () => ApplyAsync(mapping, before.Configuration, next));
    }

    /// <summary>Deletes a mapping: it stops, and its checkpoints go.</summary>
    /// <exception cref="LambdaException">Another change is under way.</exception>
    public async Task<MappingModel> DeleteAsync(LiveMapping mapping)
    {
        MappingModel before = Begin(mapping, model => model with { State = MappingState.Deleting });
        try
        {
            await SaveChangedAsync(mapping);
        }
        catch
        {
            mapping.Become(_ => before);
            throw;
        }
        return await _changes.CarryOutAsync(mapping, mapping.StopAsync, () => ForgetAsync(mapping));
    }

    /// <summary>Changes a mapping's tags, in any of its states.</summary>
    public async Task TagAsync(LiveMapping mapping, Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> change)
    {
        ImmutableSortedDictionary<string, string> before = mapping.Model.Tags;
        mapping.Become(model => model with { Tags = change(model.Tags) });
        try
        {
            await SaveChangedAsync(mapping);
        }
        catch
        {
            mapping.Become(model => model with { Tags = before });
            throw;
        }
    }

    /// <summary>Two mappings from a source to a function are one too many.</summary>
    /// <param name="wanted">The new one.</param>
    /// <param name="except">One that does not count.</param>
    /// <exception cref="LambdaException">ResourceConflictException.</exception>
    public void ThrowIfTaken(MappingConfiguration wanted, LiveMapping? except = null)
    {
        LiveMapping? twin = All.FirstOrDefault(mapping => mapping != except
            && mapping.Model.Configuration.SourceArn == wanted.SourceArn && mapping.Model.Configuration.FunctionArn == wanted.FunctionArn);
        if (twin is not null)
            throw LambdaException.Conflict(LambdaTexts.Exists(wanted.SourceArn, wanted.Function.Name, twin.Uuid));
    }

    /// <summary>What was done, by deleted mappings as well.</summary>
    public IEnumerable<MappingSummary> Summarize() =>
        [.. All.Where(mapping => mapping.HasRun).Select(mapping => mapping.Summarize()), .. _retired.Summaries];

    /// <summary>Lets changes that are under way end, takes no new ones, and stops all mappings.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll([_retrying ?? Task.CompletedTask, .. All.Select(mapping => mapping.Change)]);
        foreach (Task stop in All.Select(mapping => mapping.Running?.StopAsync() ?? Task.CompletedTask).ToArray())
            await stop;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll([_retrying ?? Task.CompletedTask, .. All.Select(mapping => mapping.Change)]);
        foreach (LiveMapping mapping in All)
        {
            if (mapping.Running is { } running)
                await running.DisposeAsync();
        }
        _kept.Dispose();
        _stopping.Dispose();
    }

    private LiveMapping AddNew(MappingModel model)
    {
        lock (_gate)
        {
            ThrowIfStopping();
            ThrowIfTaken(model.Configuration);
            if (_mappings.Length >= MappingsMax)
                throw LambdaException.InvalidParameter(LambdaTexts.TooManyMappings(MappingsMax));
            return Add(model, file: null);
        }
    }

    private LiveMapping Add(MappingModel model, FileEntry? file)
    {
        lock (_gate)
        {
            var mapping = new LiveMapping(++_lastOrdinal, model, file, _factory);
            _mappings = _mappings.Add(mapping);
            return mapping;
        }
    }

    private void Remove(LiveMapping mapping)
    {
        lock (_gate)
            _mappings = _mappings.Remove(mapping);
    }

    private MappingModel Begin(LiveMapping mapping, Func<MappingModel, MappingModel> change)
    {
        lock (_gate)
        {
            ThrowIfStopping();
            return mapping.TryBegin(change, out MappingModel before) ? before : throw LambdaException.InUse();
        }
    }

    private void ThrowIfStopping()
    {
        if (_stopping.IsCancellationRequested)
            throw LambdaException.Service(LambdaTexts.Stopping);
    }

    private async Task SaveChangedAsync(LiveMapping mapping)
    {
        mapping.IsKept = true;
        await _kept.SaveAsync(() => All);
    }

    private async Task ApplyAsync(LiveMapping mapping, MappingConfiguration before, MappingConfiguration next)
    {
        if (before == next && (mapping.Running is not null || !next.IsEnabled))
            return;
        await mapping.StopAsync();
        if (before.FunctionArn != next.FunctionArn && mapping.HasRun)
            _retired.Add(mapping.BeginNewStatistics());
        if (next.IsEnabled)
            await StartChangedAsync(mapping);
    }

    private async Task StartLoadedAsync(LiveMapping mapping, CancellationToken cancellation)
    {
        if (!mapping.IsKept)
        {
            await StartAsync(mapping, mustBeThere: true, cancellation);
            return;
        }
        await _changes.TryAsync(mapping, () => StartAsync(mapping, mustBeThere: false, cancellation));
        cancellation.ThrowIfCancellationRequested();
    }

    private async Task StartChangedAsync(LiveMapping mapping)
    {
        if (!_stopping.IsCancellationRequested)
            await StartAsync(mapping, mustBeThere: false, _stopping.Token);
    }

    private async Task StartAsync(LiveMapping mapping, bool mustBeThere, CancellationToken cancellation)
    {
        if (_factory.Obstacle(mapping.Model.Configuration) is { } obstacle)
        {
            BeginRetrying();
            _changes.Complain(mapping, obstacle);
            return;
        }
        try
        {
            _ = WatchAsync(await mapping.StartAsync(mustBeThere, cancellation));
        }
        catch when (!mustBeThere)
        {
            BeginRetrying();
            throw;
        }
    }

    private void BeginRetrying()
    {
        lock (_gate)
            _retrying ??= RetryAsync();
    }

    // What a mapping needs may come: a stream is made again, a function's code is there.
    private async Task RetryAsync()
    {
        while (true)
        {
            await Task.Delay(RetryInterval, _clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested)
                return;
            await Task.WhenAll(All.Where(mapping => _factory.Obstacle(mapping.Model.Configuration) is null)
                .Select(mapping => mapping.RetryAsync(() => _changes.TryAsync(mapping, () => StartChangedAsync(mapping)))));
        }
    }

    private async Task WatchAsync(RunningMapping running)
    {
        await running.Ended;
        if (running.Fault is { } fault)
            _fault.TrySetResult(fault);
    }

    private async Task ForgetAsync(LiveMapping mapping)
    {
        if (mapping.HasRun)
            _retired.Add(mapping.Summarize());
        _kept.Add(mapping.ToDocument());                      // before it goes: whoever saves in between knows that it is deleted
        Remove(mapping);
        await _kept.ForgetDeletedAsync(() => All);
    }
}
