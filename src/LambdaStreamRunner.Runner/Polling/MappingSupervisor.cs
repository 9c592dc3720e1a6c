using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>Runs the pumps of one mapping in one life of its stream: one for each shard, a child's only after those of its parents have ended.</summary>
/// <remarks>That is what keeps the order of a key across a reshard (AWS: Lambda reads a child when its parents are exhausted).</remarks>
public sealed class MappingSupervisor : IAsyncDisposable
{
    private readonly IStreamSource _source;
    private readonly Func<SourceShard, CancellationToken, Task<ShardPump>> _makePump;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal); // shards that were read to their end
    private readonly List<Task<CloseReason>> _running = [];
    private readonly CancellationTokenSource _stopping = new();
    private ImmutableSortedDictionary<string, ShardPump> _pumps = ImmutableSortedDictionary.Create<string, ShardPump>(StringComparer.Ordinal);
    private long _recordsOfEnded;                             // that were read from shards that have ended
    private bool _isStopping;
    private volatile string? _lookProblem;                    // why the last look for shards failed

    /// <summary>A mapping that has not begun.</summary>
    /// <param name="source">The stream; its shards may change at any time.</param>
    /// <param name="makePump">Makes the pump of a shard, from its checkpoint on.</param>
    /// <param name="clock">The run clock.</param>
    public MappingSupervisor(IStreamSource source, Func<SourceShard, CancellationToken, Task<ShardPump>> makePump, TimeProvider clock) =>
        (_source, _makePump, _clock) = (source, makePump, clock);

    /// <summary>When this life of the stream began.</summary>
    public DateTimeOffset Created => _source.Created;

    /// <summary>Why records cannot be read now, for people; null when they can.</summary>
    public string? Problem => Pumps.Select(pump => pump.Problem).FirstOrDefault(problem => problem is not null) ?? _lookProblem;

    /// <summary>Told why a look for new shards failed, each time; nobody by default.</summary>
    public Action<string>? LookFailed { get; init; }

    /// <summary>True when every record on the stream now is settled.</summary>
    public bool IsDrained
    {
        get
        {
            bool isDrained = WaitingShards().Count == 0 && !HasUnknownChildren;
            foreach (ShardPump pump in Pumps)
                isDrained &= pump.IsDrained;                  // all are asked: who must read to know begins now
            return isDrained;
        }
    }

    /// <summary>Records on the stream that are not read yet.</summary>
    public long UnreadRecords => Pumps.Sum(pump => pump.UnreadRecords)
        + WaitingShards().Sum(_source.CountRecords);

    /// <summary>Records that were read since the start, or are on the stream now and not read yet: each is counted once.</summary>
    public long KnownRecords
    {
        get
        {
            List<SourceShard> waiting;
            long known;
            IEnumerable<ShardPump> pumps;
            lock (_gate)                                      // no shard is passed over, or seen twice, on its way from one to the next
                (waiting, pumps, known) = (WaitingShards(), _pumps.Values, _recordsOfEnded);
            foreach (ShardPump pump in pumps)
                known += pump.KnownRecords;
            return known + waiting.Sum(_source.CountRecords);
        }
    }

    /// <summary>When the next timer of a shard with unsettled records is due; null when none has any.</summary>
    public DateTimeOffset? NextWake => Pumps.Min(pump => pump.NextWake);

    /// <summary>Ends when a pump has failed, with its exception, or when all have closed.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    // A shard that has ended has children, also before anybody has looked for them.
    private bool HasUnknownChildren
    {
        get
        {
            if (_source.DiscoveryInterval is null)
                return false;
            ImmutableArray<SourceShard> listed = _source.Shards;
            HashSet<string?> parents = [.. listed.Select(shard => shard.ParentId), .. listed.Select(shard => shard.AdjacentParentId)];
            lock (_gate)
                return listed.Any(shard => _ended.Contains(shard.Id) && !parents.Contains(shard.Id));
        }
    }

    private IEnumerable<ShardPump> Pumps => Volatile.Read(ref _pumps).Values;

    /// <summary>Starts polling the shards that need not wait for another; when the task ends, they are all started.</summary>
    /// <param name="cancellation">Gives up the start.</param>
    /// <param name="abandon">Fires when what is in flight shall not be waited for any more.</param>
    public async Task StartAsync(CancellationToken cancellation, CancellationToken abandon)
    {
        await StartReadyAsync(cancellation, abandon);
        Completion = FollowAsync(abandon);
    }

    /// <summary>Stops reading, settles what is in flight, saves the checkpoints.</summary>
    /// <exception cref="OperationCanceledException">It was abandoned.</exception>
    public async Task StopAsync(StopMode mode)
    {
        Task<CloseReason>[] running;
        lock (_gate)
        {
            _isStopping = true;
            running = [.. _running];
        }
        foreach (ShardPump pump in Pumps)
            pump.RequestStop(mode);                           // before anything is awaited: no other batch begins
        await _stopping.CancelAsync();
        await Task.WhenAll(running);
    }

    /// <summary>Where every shard stands.</summary>
    public async Task<ImmutableDictionary<string, ShardStatus>> GetStatusAsync(CancellationToken cancellation)
    {
        var statuses = ImmutableDictionary.CreateBuilder<string, ShardStatus>(StringComparer.Ordinal);
        foreach (ShardPump pump in Pumps)
            statuses.Add(pump.ShardId, await pump.GetStatusAsync().WaitAsync(cancellation));
        return statuses.ToImmutable();
    }

    /// <summary>Waits for pumps that were stopped or abandoned, and gives back what they hold.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<CloseReason>[] running;
        lock (_gate)
        {
            _isStopping = true;
            running = [.. _running];
        }
        await _stopping.CancelAsync();
        await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (ShardPump pump in Pumps)
            pump.Dispose();
    }

    private async Task FollowAsync(CancellationToken abandon)
    {
        Task discovery = NextDiscovery();
        while (true)
        {
            Task<CloseReason>[] running;
            lock (_gate)
                running = [.. _running];
            bool isStopping = _stopping.IsCancellationRequested;
            if (running.Length == 0 && (isStopping || _source.DiscoveryInterval is null))
                return;

            if (await Task.WhenAny(isStopping ? running : [discovery, .. running]) is Task<CloseReason> ended)
            {
                lock (_gate)
                    _running.Remove(ended);
                if (await ended is not CloseReason.ShardEnd)
                    continue;
            }
            await DiscoverAsync();
            await StartReadyAsync(CancellationToken.None, abandon);
            discovery = NextDiscovery();
        }
    }

    // A shard was seen to end and its children were not, or the last look failed.
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(1);

    private Task NextDiscovery() => Task.Delay(HasUnknownChildren || _lookProblem is not null ? SoonAgain : _source.DiscoveryInterval ?? Timeout.InfiniteTimeSpan, _clock, _stopping.Token);

    // Who cannot be asked now is asked again: the shards that are known are read meanwhile.
    private async Task DiscoverAsync()
    {
        try
        {
            await _source.DiscoverAsync(_stopping.Token);
            _lookProblem = null;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The mapping stops: no new shard is begun.
        }
        catch (ReadRefusedException refused)
        {
            _lookProblem = refused.Message;                   // between a shard and its children, no reader would say it
            LookFailed?.Invoke(refused.Message);
        }
    }

    private async Task StartReadyAsync(CancellationToken cancellation, CancellationToken abandon)
    {
        HashSet<string> listed = new(_source.Shards.Select(shard => shard.Id), StringComparer.Ordinal);
        foreach (SourceShard shard in WaitingShards())
        {
            if (!HasEnded(shard.ParentId, listed) || !HasEnded(shard.AdjacentParentId, listed))
                continue;
            ShardPump pump = await _makePump(shard, cancellation);
            lock (_gate)
            {
                if (_isStopping)
                {
                    pump.Dispose();
                    return;
                }
                _pumps = _pumps.Add(shard.Id, pump);
                _running.Add(Task.Run(() => RunAsync(shard, pump, abandon), CancellationToken.None));
            }
        }
    }

    private async Task<CloseReason> RunAsync(SourceShard shard, ShardPump pump, CancellationToken abandon)
    {
        CloseReason reason = await pump.RunAsync(abandon);
        if (reason is not CloseReason.ShardEnd)
            return reason;
        lock (_gate)
        {
            _pumps = _pumps.Remove(shard.Id);
            _ended.Add(shard.Id);
            _recordsOfEnded += pump.KnownRecords;
        }
        pump.Dispose();
        return reason;
    }

    /// <summary>Shards that have records to come and no pump yet.</summary>
    private List<SourceShard> WaitingShards()
    {
        ImmutableArray<SourceShard> listed = _source.Shards;
        var waiting = new List<SourceShard>();
        lock (_gate)
        {
            foreach (SourceShard shard in listed)
            {
                if (!_pumps.ContainsKey(shard.Id) && !_ended.Contains(shard.Id))
                    waiting.Add(shard);
            }
        }
        return waiting;
    }

    // A parent that is not listed any more has only records past retention; what its pump has read of them comes first all the same.
    private bool HasEnded(string? parent, HashSet<string> listed)
    {
        if (parent is null)
            return true;
        lock (_gate)
            return _ended.Contains(parent) || (!listed.Contains(parent) && !_pumps.ContainsKey(parent));
    }
}
