using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>Keeps a mapping with its stream: when that is deleted the mapping has a problem, and when a stream of its name is there again, it reads that from its starting position.</summary>
public sealed class SourceFollower : IAsyncDisposable
{
    /// <summary>How often somebody looks whether the stream is there again.</summary>
    public static readonly TimeSpan SearchInterval = TimeSpan.FromSeconds(1);

    private readonly Func<CancellationToken, ValueTask<IStreamSource?>> _find;
    private readonly Func<IStreamSource, CancellationToken, Task<MappingSupervisor>> _prepare;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stopping = new();
    private volatile MappingSupervisor? _current;
    private volatile string? _problem;
    private volatile bool _isUnreachable;                     // nobody knows what there is to read
    private long _recordsBefore;                              // of earlier lives of the stream

    /// <summary>A mapping that has not begun.</summary>
    /// <param name="name">"stream → function".</param>
    /// <param name="find">Finds the stream; null when there is none now.</param>
    /// <param name="prepare">Makes what runs the mapping on a stream, ready to start.</param>
    /// <param name="clock">The run clock.</param>
    public SourceFollower(
        string name, Func<CancellationToken, ValueTask<IStreamSource?>> find, Func<IStreamSource, CancellationToken, Task<MappingSupervisor>> prepare, TimeProvider clock) =>
        (Name, _find, _prepare, _clock) = (name, find, prepare, clock);

    /// <summary>"stream → function".</summary>
    public string Name { get; }

    /// <summary>Told when <see cref="Problem"/> begins, and with null when it ends; nobody by default.</summary>
    public Action<string?>? ProblemChanged { get; init; }

    /// <summary>Tells at once when the stream that has the name now was created, with null for none; absent when only asking elsewhere would tell.</summary>
    public Func<DateTimeOffset?>? CreatedNow { get; init; }

    /// <summary>Why records cannot be read now, for people; null when they can.</summary>
    public string? Problem => _problem ?? _current?.Problem;

    /// <summary>True when every record on the stream now is settled; a stream that is gone has none, and one that cannot be asked may have some.</summary>
    public bool IsDrained
    {
        get
        {
            MappingSupervisor? current = _current;
            if (CreatedNow?.Invoke() is { } created && created != current?.Created)
                return false;                                 // another life has begun, and nobody has found it yet
            return current?.IsDrained ?? !_isUnreachable;
        }
    }

    /// <summary>Records on the stream that are not read yet.</summary>
    public long UnreadRecords => _current?.UnreadRecords ?? 0;

    /// <summary>Records that were read since the start, or are on the stream now and not read yet: each is counted once.</summary>
    public long KnownRecords => Volatile.Read(ref _recordsBefore) + (_current?.KnownRecords ?? 0);

    /// <summary>When the next timer of a shard with unsettled records is due; null when none has any.</summary>
    public DateTimeOffset? NextWake => _current?.NextWake;

    /// <summary>Ends when a pump has failed, with its exception, or when the mapping has stopped.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Starts reading; when the task ends, all shards are started whose turn it is.</summary>
    /// <param name="cancellation">Gives up the start.</param>
    /// <param name="abandon">Fires when what is in flight shall not be waited for any more.</param>
    /// <param name="mustBeThere">False: a stream that cannot be read yet is a problem that is waited out.</param>
    /// <exception cref="ReadRefusedException">There is no such stream, or nobody answers.</exception>
    public async Task StartAsync(CancellationToken cancellation, CancellationToken abandon, bool mustBeThere = true)
    {
        IStreamSource? source = null;
        try
        {
            IStreamSource found = await _find(cancellation) ?? throw new ReadRefusedException("Stream not found");
            _current = await StartOnAsync(found, cancellation, abandon);
            source = found;
        }
        catch (ReadRefusedException refused) when (!mustBeThere)
        {
            _isUnreachable = true;
            Report(refused.Message);
        }
        Completion = FollowAsync(source, abandon);
    }

    /// <inheritdoc cref="MappingSupervisor.StopAsync"/>
    public async Task StopAsync(StopMode mode)
    {
        Task stopping = _current?.StopAsync(mode) ?? Task.CompletedTask;
        await _stopping.CancelAsync();
        await stopping;
        if (_current is { } found)                            // by a search that did not see the end coming
            await found.StopAsync(mode);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc cref="MappingSupervisor.GetStatusAsync"/>
    public async Task<ImmutableDictionary<string, ShardStatus>> GetStatusAsync(CancellationToken cancellation) =>
        _current is { } current ? await current.GetStatusAsync(cancellation) : ImmutableDictionary<string, ShardStatus>.Empty;

    /// <inheritdoc cref="MappingSupervisor.DisposeAsync"/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_current is { } current)
            await current.DisposeAsync();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Null: it is still to be found.
    private async Task FollowAsync(IStreamSource? source, CancellationToken abandon)
    {
        while (true)
        {
            source ??= await SearchAsync(abandon);
            if (source is null)
                return;
            MappingSupervisor current = _current!;
            if (_stopping.IsCancellationRequested)            // who asked for the end may not have seen that it runs again
                await current.StopAsync(StopMode.SettleInFlight);
            await Task.WhenAny(current.Completion, source.Gone);
            if (current.Completion.IsCompleted || _stopping.IsCancellationRequested)
            {
                await current.Completion;
                return;
            }
            await EndAsync(current);
            source = null;
        }
    }

    // What was read and is not settled is lost with the stream, save what is in flight.
    private async Task EndAsync(MappingSupervisor current)
    {
        Report("the stream was deleted");
        await current.StopAsync(StopMode.SettleInFlight);
        _recordsBefore += current.KnownRecords;
        _current = null;
        await current.DisposeAsync();
    }

    private async Task<IStreamSource?> SearchAsync(CancellationToken abandon)
    {
        while (true)
        {
            await Task.Delay(SearchInterval, _clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested)
                return null;
            try
            {
                IStreamSource? source = await _find(_stopping.Token);
                _isUnreachable = false;
                if (source is null)
                    continue;
                _current = await StartOnAsync(source, _stopping.Token, abandon);
                Report(null);
                return source;
            }
            catch (ReadRefusedException refused)
            {
                _isUnreachable = true;
                Report(refused.Message);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    private async Task<MappingSupervisor> StartOnAsync(IStreamSource source, CancellationToken cancellation, CancellationToken abandon)
    {
        MappingSupervisor supervisor = await _prepare(source, cancellation);
        try
        {
            await supervisor.StartAsync(cancellation, abandon);
            return supervisor;
        }
        catch
        {
            await supervisor.StopAsync(StopMode.SettleInFlight).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await supervisor.DisposeAsync();                  // some shards may have begun
            throw;
        }
    }

    private void Report(string? problem)
    {
        if (problem == _problem)
            return;
        _problem = problem;
        ProblemChanged?.Invoke(problem);
    }
}
