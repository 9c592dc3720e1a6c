using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Storage;

namespace LambdaStreamRunner.StreamServer;

/// <summary>The gates of a stream's shards: one for each, for good. New shards get theirs when the stream is resharded.</summary>
internal sealed class ShardGates
{
    private readonly InMemoryStream _records;
    private readonly StoredStream? _stored;
    private readonly MemoryBudget _memory;
    private readonly Lock _control;
    private EmbeddedShard[] _shards;                          // by index of the shard

    /// <summary>Gates of the shards that there are.</summary>
    /// <param name="records">The shards.</param>
    /// <param name="stored">The stream on disk; null when it is in memory only.</param>
    /// <param name="memory">Gets back what is forgotten.</param>
    /// <param name="control">Held by whoever changes the shards.</param>
    public ShardGates(InMemoryStream records, StoredStream? stored, MemoryBudget memory, Lock control)
    {
        (_records, _stored, _memory, _control) = (records, stored, memory, control);
        _shards = [.. records.Shards.Select(NewGate)];
    }

    /// <summary>The gate of a shard. Without a lock, unless the shards are being changed.</summary>
    public EmbeddedShard Of(Shard shard)
    {
        EmbeddedShard[] shards = Volatile.Read(ref _shards);
        if (shard.Index < shards.Length)
            return shards[shard.Index];
        lock (_control)                                       // the shards are being changed: wait until all are there
            return _shards[shard.Index];
    }

    /// <summary>The gate of the shard that takes this hash key now.</summary>
    public EmbeddedShard For(UInt128 hashKey) => Of(_records.ShardFor(hashKey));

    /// <summary>Under the stream's lock: changes the shards while no record is put.</summary>
    /// <param name="reshard">The change.</param>
    /// <param name="now">When it happens.</param>
    /// <param name="saveUnderGates">Saves the stream before the gates open: no record of a child comes to the disk earlier.</param>
    public void Apply(Reshard reshard, DateTimeOffset now, Action saveUnderGates)
    {
        EmbeddedShard[] before = _shards;
        EmbeddedShard[] open = [.. before.Where(shard => !shard.Shard.IsClosed)];
        foreach (EmbeddedShard shard in open)                 // always in order of their indexes; nobody else holds two
            shard.Gate.Enter();
        try
        {
            reshard.Apply(_records, now);
            Volatile.Write(ref _shards, [.. before, .. _records.Shards.Skip(before.Length).Select(NewGate)]);
            saveUnderGates();
        }
        finally
        {
            foreach (EmbeddedShard shard in open)
                shard.Gate.Exit();
        }
        Interlocked.MemoryBarrier();
        foreach (EmbeddedShard shard in open)
            shard.Announce();
    }

    /// <summary>Under the stream's lock: forgets all records, and tells those who wait for more.</summary>
    public void Drop()
    {
        foreach (EmbeddedShard shard in _shards)
        {
            lock (shard.Gate)
                _memory.GiveBack(shard.Shard.Drop());
            Interlocked.MemoryBarrier();
            shard.Announce();
        }
    }

    /// <summary>Gives back the memory of what is past retention.</summary>
    public void Trim(DateTimeOffset now)
    {
        foreach (EmbeddedShard shard in Volatile.Read(ref _shards))
            shard.Trim(now, _memory);
    }

    /// <summary>Deletes what is past retention from the disk, as long as the stream is there.</summary>
    public async Task TrimStoredAsync(DateTimeOffset now, StreamLife life)
    {
        foreach (EmbeddedShard shard in Volatile.Read(ref _shards))
        {
            if (!life.IsOver && shard.Stored is { } stored)
                await stored.TrimAsync(now);
        }
    }

    private EmbeddedShard NewGate(Shard shard)
    {
        var gate = new EmbeddedShard(shard);
        if (_stored is not null)
            gate.Stored = _stored.Attach(gate);
        return gate;
    }
}
