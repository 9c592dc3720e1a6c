using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>Runs the pumps of one mapping: one for each shard of its stream, a child's only after those of its parents have ended.</summary>
/// <remarks>That is what keeps the order of a key across a reshard (AWS: Lambda reads a child when its parents are exhausted).</remarks>
public sealed class MappingSupervisor : IAsyncDisposable
{
    private readonly EmbeddedStream _stream;
    private readonly Func<Shard, CancellationToken, Task<ShardPump>> _makePump;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly HashSet<int> _ended = [];                // indexes of shards that were read to their end
    private readonly List<Task<CloseReason>> _running = [];
    private ImmutableSortedDictionary<int, ShardPump> _pumps = ImmutableSortedDictionary<int, ShardPump>.Empty;
    private long _recordsOfEnded;                             // that were read from shards that have ended
    private bool _isStopping;

    /// <summary>A mapping that has not begun.</summary>
    /// <param name="name">"stream → function".</param>
    /// <param name="stream">The stream; its shards may change at any time.</param>
    /// <param name="makePump">Makes the pump of a shard, from its checkpoint on.</param>
    /// <param name="clock">The run clock.</param>
    public MappingSupervisor(string name, EmbeddedStream stream, Func<Shard, CancellationToken, Task<ShardPump>> makePump, TimeProvider clock) =>
        (Name, _stream, _makePump, _clock) = (name, stream, makePump, clock);

    /// <summary>"stream → function".</summary>
    public string Name { get; }

    /// <summary>True when every record on the stream now is settled.</summary>
    public bool IsDrained => WaitingShards().Count == 0 && Pumps.All(pump => pump.IsDrained);

    /// <summary>Records on the stream that are not read yet.</summary>
    public long UnreadRecords => Pumps.Sum(pump => pump.UnreadRecords)
        + WaitingShards().Sum(CountOf);

    /// <summary>Records that were read since the start, or are on the stream now and not read yet: each is counted once.</summary>
    public long KnownRecords
    {
        get
        {
            List<Shard> waiting;
            long known;
            IEnumerable<ShardPump> pumps;
            lock (_gate)                                      // no shard is passed over, or seen twice, on its way from one to the next
                (waiting, pumps, known) = (WaitingShards(), _pumps.Values, _recordsOfEnded);
            foreach (ShardPump pump in pumps)
                known += pump.KnownRecords;
            return known + waiting.Sum(CountOf);
        }
    }

    /// <summary>When the next timer of a shard with unsettled records is due; null when none has any.</summary>
    public DateTimeOffset? NextWake => Pumps.Min(pump => pump.NextWake);

    /// <summary>Ends when a pump has failed, with its exception, or when all have closed.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

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
            pump.RequestStop(mode);
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
        await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (ShardPump pump in Pumps)
            pump.Dispose();
    }

    private async Task FollowAsync(CancellationToken abandon)
    {
        while (true)
        {
            Task<CloseReason>[] running;
            lock (_gate)
                running = [.. _running];
            if (running.Length == 0)
                return;

            Task<CloseReason> ended = await Task.WhenAny(running);
            lock (_gate)
                _running.Remove(ended);
            if (await ended is CloseReason.ShardEnd)
                await StartReadyAsync(CancellationToken.None, abandon);
        }
    }

    private async Task StartReadyAsync(CancellationToken cancellation, CancellationToken abandon)
    {
        foreach (Shard shard in WaitingShards().Where(IsReady))
        {
            ShardPump pump = await _makePump(shard, cancellation);
            lock (_gate)
            {
                if (_isStopping)
                {
                    pump.Dispose();
                    return;
                }
                _pumps = _pumps.Add(shard.Index, pump);
                _running.Add(Task.Run(() => RunAsync(shard, pump, abandon), CancellationToken.None));
            }
        }
    }

    private async Task<CloseReason> RunAsync(Shard shard, ShardPump pump, CancellationToken abandon)
    {
        CloseReason reason = await pump.RunAsync(abandon);
        if (reason is not CloseReason.ShardEnd)
            return reason;
        lock (_gate)
        {
            _pumps = _pumps.Remove(shard.Index);
            _ended.Add(shard.Index);
            _recordsOfEnded += pump.KnownRecords;
        }
        pump.Dispose();
        return reason;
    }

    /// <summary>Shards that have records to come and no pump yet.</summary>
    private List<Shard> WaitingShards()
    {
        lock (_gate)
        {
            if (_stream.Records.Shards.Length == _pumps.Count + _ended.Count)
                return [];                                    // every shard that there ever was
        }
        IEnumerable<Shard> listed = _stream.ListShards();
        lock (_gate)
            return [.. listed.Where(shard => !_pumps.ContainsKey(shard.Index) && !_ended.Contains(shard.Index))];
    }

    private long CountOf(Shard shard) => _stream.CountFrom(new ShardReader(shard), ShardPosition.TrimHorizon);

    private bool IsReady(Shard shard) => HasEnded(shard.Parent) && HasEnded(shard.AdjacentParent);

    private bool HasEnded(Shard? parent)
    {
        if (parent is null || parent.IsExpired(_clock.GetUtcNow()))
            return true;
        lock (_gate)
            return _ended.Contains(parent.Index);
    }
}
