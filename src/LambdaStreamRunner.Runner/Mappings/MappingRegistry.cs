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
/// A change is kept before it is answered, and answered before it is done: invocations in flight may take long to end. One
/// change of a mapping at a time; who comes in between gets ResourceInUseException.
/// </remarks>
internal sealed class MappingRegistry : IAsyncDisposable
{
    /// <summary>Most mappings at a time.</summary>
    public const int MappingsMax = 1_000;

    /// <summary>Most summaries of deleted mappings that are kept for the end of the run; older ones are forgotten.</summary>
    public const int RetiredMax = 1_000;

    /// <summary>An answer waits so long for a change without a delay, so that who asks next mostly finds it done.</summary>
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(1);

    private readonly MappingFactory _factory;
    private readonly StoredMappings _store;
    private readonly ICheckpointStore _checkpoints;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _delay;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _saving = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<MappingFaultException> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<LiveMapping> _mappings = [];
    private ImmutableArray<MappingDocument> _rest = [];
    private ImmutableQueue<MappingSummary> _retired = [];
    private int _lastOrdinal;

    public MappingRegistry(
        MappingFactory factory, StoredMappings store, ICheckpointStore checkpoints, TimeProvider clock, TimeSpan changingDelay, ILogger logger) =>
        (_factory, _store, _checkpoints, _clock, _delay, _logger) = (factory, store, checkpoints, clock, changingDelay, logger);

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
    public void Load(ImmutableArray<MappingConfiguration> configured, MappingLookup lookup)
    {
        var remembered = new RememberedMappings(_store.Load(), lookup);
        DateTimeOffset now = _clock.GetUtcNow();
        foreach (RememberedMapping mapping in remembered.Recall(configured))
        {
            var model = new MappingModel(
                mapping.Configuration, MappingState.Creating, mapping.Document?.LastModified ?? now, mapping.Document?.Tags ?? MappingModel.NoTags);
            Add(model, mapping.File).IsKept = mapping.Document is not null;
        }
        _rest = [.. remembered.Rest];
    }

    /// <summary>Starts those that are enabled.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await ForgetDeletedAsync();
        if (All.Any(mapping => mapping.IsKept))
            await SaveAsync();                                // with what the file says now, so that only a later edit is one
        foreach (LiveMapping mapping in All)
        {
            if (mapping.Model.Configuration.IsEnabled)
                await StartAsync(mapping, cancellation);
            mapping.Become(model => model with { State = model.RestingState });
        }
    }

    /// <summary>Makes a mapping; LATEST is bound to a place when the task ends.</summary>
    /// <exception cref="LambdaException">There is one from the source to the function, or there are too many.</exception>
    public async Task<(LiveMapping Mapping, MappingModel Created)> CreateAsync(MappingConfiguration wanted, ImmutableSortedDictionary<string, string> tags)
    {
        var model = new MappingModel(wanted, MappingState.Creating, _clock.GetUtcNow(), tags);
        LiveMapping mapping = AddNew(model);
        try
        {
            mapping.IsKept = true;
            await SaveAsync();
            if (wanted.IsEnabled)
                await _factory.FixLatestAsync(wanted, _stopping.Token);
        }
        catch
        {
            Remove(mapping);
            throw;
        }
        return (mapping, await CarryOutAsync(mapping, wanted.IsEnabled ? () => StartChangedAsync(mapping) : () => Task.CompletedTask));
    }

    /// <summary>Gives a mapping other settings, which take effect after the invocations in flight.</summary>
    /// <param name="mapping">The mapping.</param>
    /// <param name="change">Makes the settings out of those of the moment; may throw what the client is told.</param>
    /// <exception cref="LambdaException">Another change is under way, or another mapping has this function.</exception>
    public async Task<MappingModel> UpdateAsync(LiveMapping mapping, Func<MappingConfiguration, MappingConfiguration> change)
    {
        MappingModel before = Begin(mapping, model => model.ChangedTo(change(model.Configuration), _clock.GetUtcNow()));
        MappingConfiguration next = mapping.Model.Configuration;
        try
        {
            if (next.FunctionArn != before.Configuration.FunctionArn)
                ThrowIfTaken(next, mapping);
            await SaveChangedAsync(mapping);
            if (next.IsEnabled && !before.Configuration.IsEnabled && _factory.Obstacle(next) is null)
                await _factory.FixLatestAsync(next, _stopping.Token);
        }
        catch
        {
            mapping.Become(_ => before);
            throw;
        }
        return await CarryOutAsync(mapping, () => ApplyAsync(mapping, before.Configuration, next));
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
        return await CarryOutAsync(mapping, mapping.StopAsync, () => ForgetAsync(mapping));
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

    /// <summary>What was done, by deleted mappings as well.</summary>
    public IEnumerable<MappingSummary> Summarize() => [.. All.Where(mapping => mapping.HasRun).Select(mapping => mapping.Summarize()), .. _retired];

    /// <summary>Lets changes that are under way end, takes no new ones, and stops all mappings.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(All.Select(mapping => mapping.Change));
        foreach (Task stop in All.Select(mapping => mapping.Running?.StopAsync() ?? Task.CompletedTask).ToArray())
            await stop;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(All.Select(mapping => mapping.Change));
        foreach (LiveMapping mapping in All)
        {
            if (mapping.Running is { } running)
                await running.DisposeAsync();
        }
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

    private async Task SaveChangedAsync(LiveMapping mapping)
    {
        mapping.IsKept = true;
        await SaveAsync();
    }

    // One after the other, each with all that had happened before it: the last one written knows everything.
    private async Task SaveAsync()
    {
        await _saving.WaitAsync();
        try
        {
            await _store.SaveAsync([.. All.Where(mapping => mapping.IsKept).Select(mapping => mapping.ToDocument()), .. _rest]);
        }
        finally
        {
            _saving.Release();
        }
    }

    /// <summary>Starts the work of a change, which ends by itself; the answer shows the state on the way.</summary>
    private async Task<MappingModel> CarryOutAsync(LiveMapping mapping, Func<Task> work, Func<Task>? ending = null)
    {
        MappingModel answer = mapping.Model;
        DateTimeOffset due = _clock.GetUtcNow() + _delay;
        mapping.Work = Task.Run(() => TryAsync(mapping, work));
        mapping.Change = EndAsync(mapping, due, ending);
        if (_delay == TimeSpan.Zero)
            await Task.WhenAny(mapping.Change, Task.Delay(AnswerPatience, TimeProvider.System));
        return answer;
    }

    private async Task EndAsync(LiveMapping mapping, DateTimeOffset due, Func<Task>? ending)
    {
        await mapping.Work;
        if (due - _clock.GetUtcNow() is { } rest && rest > TimeSpan.Zero)
            await Task.Delay(rest, _clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ending is null)
            mapping.Become(model => model with { State = model.RestingState });
        else
            await TryAsync(mapping, ending);
    }

    private async Task TryAsync(LiveMapping mapping, Func<Task> work)
    {
        try
        {
            await work();
        }
#pragma warning disable CA1031 // Nobody waits for it: the log says it, and LastProcessingResult.
        catch (Exception wrong)
#pragma warning restore CA1031
        {
            _logger.MappingNotChanged(mapping.Name, wrong.Message);
            mapping.Statistics.NoteResult(LambdaTexts.Problem(wrong.Message));
        }
    }

    private async Task ApplyAsync(LiveMapping mapping, MappingConfiguration before, MappingConfiguration next)
    {
        if (before == next)
            return;
        await mapping.StopAsync();
        if (before.FunctionArn != next.FunctionArn && mapping.HasRun)
            Retire(mapping.BeginNewStatistics());
        if (next.IsEnabled)
            await StartChangedAsync(mapping);
    }

    private async Task StartChangedAsync(LiveMapping mapping)
    {
        if (!_stopping.IsCancellationRequested)
            await StartAsync(mapping, _stopping.Token);
    }

    private async Task StartAsync(LiveMapping mapping, CancellationToken cancellation)
    {
        if (_factory.Obstacle(mapping.Model.Configuration) is { } obstacle)
        {
            _logger.MappingNotChanged(mapping.Name, obstacle);
            mapping.Statistics.NoteResult(LambdaTexts.Problem(obstacle));
            return;
        }
        RunningMapping running = await mapping.StartAsync(cancellation);
        _ = WatchAsync(running);
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
            Retire(mapping.Summarize());
        MappingDocument document = mapping.ToDocument();
        lock (_gate)
        {
            _mappings = _mappings.Remove(mapping);
            _rest = _rest.Add(document);                      // until its checkpoints are gone; longer, when the file still names it
        }
        await ForgetDeletedAsync();
    }

    private async Task ForgetDeletedAsync()
    {
        MappingDocument[] deleted = [.. _rest.Where(document => document.IsDeleted)];
        if (deleted.Length == 0)
            return;
        foreach (MappingDocument document in deleted)
        {
            if (!All.Any(mapping => mapping.Uuid == document.Uuid && mapping.HasRun))
                await _checkpoints.DeleteAsync(document.Uuid.ToString(), CancellationToken.None);
        }
        lock (_gate)
            _rest = _rest.RemoveAll(document => deleted.Contains(document) && (document.File is null || IsThereAgain(document)));
        await SaveAsync();
    }

    private bool IsThereAgain(MappingDocument document) => _mappings.Any(mapping => mapping.Uuid == document.Uuid);

    private void Retire(MappingSummary summary)
    {
        lock (_gate)
        {
            _retired = _retired.Enqueue(summary with { Unsettled = 0 });
            if (_retired.Count() > RetiredMax)
                _retired = _retired.Dequeue();
        }
    }
}
