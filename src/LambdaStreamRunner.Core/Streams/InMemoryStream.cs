using System.Collections.Immutable;

namespace LambdaStreamRunner.Core.Streams;

/// <summary>A Kinesis stream: shards that divide the hash space. Pure: time is an argument, and there are no locks.</summary>
/// <remarks>
/// See <see cref="Shard"/> for who may write and who may read at the same time. Who changes the shards
/// (<see cref="Split"/>, <see cref="Merge"/>, <see cref="UpdateShardCount"/>) must be the writer of all that are open.
/// </remarks>
public sealed class InMemoryStream
{
    private readonly List<SequenceIndex> _counters = [];
    private long _retentionTicks;
    private long _forgottenThrough = long.MinValue;
    private volatile Topology _topology;
    private ImmutableArray<Shard>.Builder? _draft;            // the shards to be, while many are changed at once

    /// <summary>A stream whose shards divide the hash space evenly, as a new stream of Kinesis does.</summary>
    /// <param name="shardCount">1 or more.</param>
    /// <param name="created">Its second is the first part of every sequence number.</param>
    /// <param name="retention">How long records stay readable; Kinesis takes 24 h (the default) to 8,760 h.</param>
    /// <param name="memory">Where records lie; arrays of their own when null.</param>
    public InMemoryStream(int shardCount, DateTimeOffset created, TimeSpan? retention = null, StreamMemory? memory = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shardCount, 1);
        Created = created;
        Retention = retention ?? TimeSpan.FromHours(24);
        Memory = memory ?? StreamMemory.Plain;

        var shards = ImmutableArray.CreateBuilder<Shard>(shardCount);
        foreach (HashKeyRange range in HashKeyRange.Split(shardCount))
            shards.Add(new Shard(this, shards.Count, range, created.ToUnixTimeSeconds(), CounterOf(shards.Count)));
        _topology = new Topology(shards.MoveToImmutable());
    }

    /// <summary>A stream as it was in an earlier life: its shards, and where each of them stood.</summary>
    /// <param name="created">As it was.</param>
    /// <param name="retention">How long records stay readable.</param>
    /// <param name="shards">By index; the first one's children come after it.</param>
    /// <param name="memory">Where records lie; arrays of their own when null.</param>
    public InMemoryStream(DateTimeOffset created, TimeSpan retention, IEnumerable<ShardState> shards, StreamMemory? memory = null)
    {
        (Created, Retention, Memory) = (created, retention, memory ?? StreamMemory.Plain);
        var restored = ImmutableArray.CreateBuilder<Shard>();
        foreach (ShardState state in shards)
            restored.Add(Restore(state, restored));
        _topology = new Topology(restored.ToImmutable());
    }

    /// <summary>When the stream was created.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>How long records stay readable.</summary>
    public TimeSpan Retention
    {
        get => new(Volatile.Read(ref _retentionTicks));
        set => Volatile.Write(ref _retentionTicks, value.Ticks);
    }

    /// <summary>Records that arrived at this time (milliseconds since the epoch) or before are gone, whatever the retention is now.</summary>
    /// <remarks>Set it before a longer <see cref="Retention"/>: that one brings nothing back, trimmed or not.</remarks>
    /// <value>The lowest number by default: the retention alone decides.</value>
    public long ForgottenThrough
    {
        get => Volatile.Read(ref _forgottenThrough);
        set => Volatile.Write(ref _forgottenThrough, value);
    }

    internal StreamMemory Memory { get; }

    /// <summary>All shards by index, closed ones included.</summary>
    public ImmutableArray<Shard> Shards => _topology.Shards;

    /// <summary>The shards that take records, in order of their ranges.</summary>
    public ImmutableArray<Shard> OpenShards => _topology.Open;

    /// <summary>Shards that take records.</summary>
    public int OpenShardCount => _topology.Open.Length;

    /// <summary>Memory that the retained records of all shards take.</summary>
    public long RetainedBytes => Shards.Sum(shard => shard.RetainedBytes);

    /// <summary>Records that arrived at this time (milliseconds since the epoch) or before are past retention.</summary>
    public long ExpiredArrival(DateTimeOffset now) => Math.Max(now.ToUnixTimeMilliseconds() - (long)Retention.TotalMilliseconds, ForgottenThrough);

    /// <summary>The shard that a record with this hash key goes to: open, unless the shards are changed at this moment.</summary>
    public Shard ShardFor(UInt128 hashKey)
    {
        ImmutableArray<Shard> open = _topology.Open;
        int low = 0;
        int high = open.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (open[middle].HashKeyRange.StartingHashKey <= hashKey)
                low = middle;
            else
                high = middle - 1;
        }
        return open[low];
    }

    /// <summary>The shard with this index; null when the stream has none.</summary>
    public Shard? FindShard(int index)
    {
        ImmutableArray<Shard> shards = _topology.Shards;
        return (uint)index < (uint)shards.Length ? shards[index] : null;
    }

    /// <summary>The shards that took the place of a closed one; none for an open one.</summary>
    public IEnumerable<Shard> ChildrenOf(Shard parent) =>
        Shards.Where(shard => shard.Parent == parent || shard.AdjacentParent == parent);

    /// <summary>Closes a shard; two new ones share its range.</summary>
    /// <param name="parent">An open shard.</param>
    /// <param name="newStartingHashKey">First hash key of the second child; above the parent's first, at most its last.</param>
    /// <param name="now">The time.</param>
    public (Shard Left, Shard Right) Split(Shard parent, UInt128 newStartingHashKey, DateTimeOffset now)
    {
        HashKeyRange range = parent.HashKeyRange;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(newStartingHashKey, range.StartingHashKey);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(newStartingHashKey, range.EndingHashKey);
        (Shard, Shard) children = default;
        ChangeMany(() => children = Cut(parent, newStartingHashKey, now));
        return children;
    }

    /// <summary>Closes two neighbours, the lower one first; a new shard takes both ranges.</summary>
    public Shard Merge(Shard parent, Shard adjacentParent, DateTimeOffset now)
    {
        if (parent.HashKeyRange.EndingHashKey + 1 != adjacentParent.HashKeyRange.StartingHashKey)
            throw new ArgumentException($"{adjacentParent.Id} does not begin where {parent.Id} ends.", nameof(adjacentParent));
        DateTimeOffset end = DateTimeOffset.FromUnixTimeSeconds(Math.Max(parent.EndSecondsAt(now), adjacentParent.EndSecondsAt(now)));
        parent.Close(end);                                    // in the same second, as Kinesis does
        adjacentParent.Close(end);
        var range = new HashKeyRange(parent.HashKeyRange.StartingHashKey, adjacentParent.HashKeyRange.EndingHashKey);
        return AddChild(range, now, parent, adjacentParent);
    }

    /// <summary>Splits and merges until the open shards divide the hash space evenly, as UpdateShardCount does.</summary>
    /// <remarks>
    /// A sweep from the lowest hash key: a shard that a boundary lies in is cut there, then the pieces between two
    /// boundaries are merged. Gives the shards seen in production (4 to 3: open 6, 9, 10 of 11; Kinesis reference 6.3).
    /// </remarks>
    /// <param name="targetShardCount">1 or more.</param>
    /// <param name="now">The time.</param>
    public void UpdateShardCount(int targetShardCount, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(targetShardCount, 1);
        ChangeMany(() =>
        {
            var rest = new Stack<Shard>(OpenShards.Reverse());
            foreach (HashKeyRange target in HashKeyRange.Split(targetShardCount))
                Fit(rest, target, now);
        });
    }

    /// <summary>Splits several shards in their middles.</summary>
    /// <param name="shardIndexes">Open shards.</param>
    /// <param name="now">The time.</param>
    public void SplitEach(IEnumerable<int> shardIndexes, DateTimeOffset now) => ChangeMany(() =>
    {
        foreach (int index in shardIndexes)
            Cut(Shards[index], OnDemandScaling.MiddleOf(Shards[index].HashKeyRange), now);
    });

    // Cuts and merges what lies next until one shard has the range.
    private void Fit(Stack<Shard> rest, HashKeyRange target, DateTimeOffset now)
    {
        Shard? merged = null;
        while (rest.TryPeek(out Shard? next) && next.HashKeyRange.StartingHashKey <= target.EndingHashKey)
        {
            Shard piece = rest.Pop();
            if (piece.HashKeyRange.EndingHashKey > target.EndingHashKey)
            {
                (piece, Shard beyond) = Cut(piece, target.EndingHashKey + 1, now);
                rest.Push(beyond);
            }
            merged = merged is null ? piece : Merge(merged, piece, now);
        }
    }

    private (Shard Left, Shard Right) Cut(Shard parent, UInt128 newStartingHashKey, DateTimeOffset now)
    {
        parent.Close(now);
        Shard left = AddChild(parent.HashKeyRange with { EndingHashKey = newStartingHashKey - 1 }, now, parent);
        Shard right = AddChild(parent.HashKeyRange with { StartingHashKey = newStartingHashKey }, now, parent);
        return (left, right);
    }

    // Readers see all changes together, never one child without the other, and thousands of shards are not put in order for each of them.
    private void ChangeMany(Action change)
    {
        _draft = Shards.ToBuilder();
        try
        {
            change();
        }
        finally
        {
            _topology = new Topology(_draft.ToImmutable());
            _draft = null;
        }
    }

    private Shard AddChild(HashKeyRange range, DateTimeOffset now, Shard parent, Shard? adjacentParent = null)
    {
        int index = _draft?.Count ?? Shards.Length;
        long created = parent.EndingSequenceNumber!.Value.RecordSeconds + 1;
        var child = new Shard(this, index, range, created, CounterOf(index), now.ToUnixTimeMilliseconds())
        {
            Parent = parent,
            AdjacentParent = adjacentParent,
        };
        if (_draft is null)
            _topology = new Topology(Shards.Add(child));
        else
            _draft.Add(child);
        return child;
    }

    private Shard Restore(ShardState state, ImmutableArray<Shard>.Builder before)
    {
        // A child is created in the second after its parents' end, which has not come yet when its first record arrives.
        long firstMillisecond = (state.CreatedSeconds - (state.ParentIndex is null ? 0 : 1)) * 1000;
        var shard = new Shard(this, before.Count, state.HashKeyRange, state.CreatedSeconds, CounterOf(before.Count), firstMillisecond)
        {
            Parent = state.ParentIndex is { } parent ? before[parent] : null,
            AdjacentParent = state.AdjacentParentIndex is { } adjacent ? before[adjacent] : null,
        };
        shard.Resume(state.Tail);
        if (state.EndingSequenceNumber is { } ending)
            shard.CloseAt(ending);
        return shard;
    }

    private SequenceIndex CounterOf(int shardIndex)
    {
        if (shardIndex / SequenceIndex.ShardsPerGroup == _counters.Count)
            _counters.Add(new SequenceIndex());
        return _counters[shardIndex / SequenceIndex.ShardsPerGroup];
    }

    /// <summary>What readers and writers see of the shards at one moment.</summary>
    private sealed class Topology(ImmutableArray<Shard> shards)
    {
        public ImmutableArray<Shard> Shards { get; } = shards;

        public ImmutableArray<Shard> Open { get; } =
            [.. shards.Where(shard => !shard.IsClosed).OrderBy(shard => shard.HashKeyRange.StartingHashKey)];
    }
}
