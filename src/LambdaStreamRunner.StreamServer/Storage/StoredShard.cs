using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>The way of one shard's records to the disk and back.</summary>
internal sealed class StoredShard(EmbeddedShard gate, ShardKey key, StreamStore store, HotTail hot, MemoryBudget memory)
{
    private long _enqueued = gate.Shard.WrittenCount;         // under the gate
    private int _life;                                        // under the gate; read by the committer

    public ShardKey Key => key;

    /// <summary>Grows when what was written is taken back.</summary>
    public int Life => Volatile.Read(ref _life);

    /// <summary>Hands over what was written since the last time. Under the gate.</summary>
    public void Enqueue(PutCommit request)
    {
        Shard shard = gate.Shard;
        if (shard.WrittenCount == _enqueued)
            return;
        var records = shard.WrittenFrom(_enqueued);
        ulong firstIndex = records.FirstSpan[0].SequenceNumber.Index;
        ArraySegment<byte> content = RecordBlock.Encode(records, _enqueued);
        request.Add();
        store.Add(new PendingBlock(this, firstIndex, content, shard.WrittenCount, _life, request));
        _enqueued = shard.WrittenCount;
    }

    /// <summary>Shows records to readers that are on the disk now. Committer only.</summary>
    public void Publish(long endOrdinal, int bytes)
    {
        gate.Shard.Publish(endOrdinal);
        Interlocked.MemoryBarrier();                          // publish first, then look for waiters: no wake-up is lost
        gate.Announce();
        hot.Add(gate, endOrdinal, bytes);
    }

    /// <summary>Takes back what is written in memory and did not get to the disk. Committer only.</summary>
    public void RollBack()
    {
        lock (gate.Gate)
        {
            memory.GiveBack(gate.Shard.RollBack());
            _enqueued = gate.Shard.WrittenCount;
            Volatile.Write(ref _life, _life + 1);
        }
        gate.Announce();                                      // a closed shard may have ended with that
    }

    /// <summary>Reads from memory, or from the disk what is older.</summary>
    public ShardRead Read(ShardReader reader, ShardPosition from, int limit, DateTimeOffset now)
    {
        if (reader.TryRead(from, limit, now, out ShardRead hotRead))
            return hotRead;
        SequenceNumber dropped = gate.Shard.DroppedThrough;   // before looking: what is dropped later is on the disk as well
        if (store.ReaderOf(key).TryRead(gate.Shard, from, limit, now, out ShardRead coldRead))
            return coldRead;
        return Read(reader, ShardPosition.After(dropped), limit, now);  // all of it is trimmed on the disk
    }

    /// <summary>Deletes what is past retention, from the disk and from memory.</summary>
    public async Task TrimAsync(DateTimeOffset now)
    {
        await store.TrimAsync(key, gate.Shard.ExpiredArrival(now));
        gate.Trim(now, memory);
    }

    /// <summary>How many records a reader at this position has before it; all that were ever put when the disk does not say.</summary>
    public long CountFrom(ShardReader reader, ShardPosition from, DateTimeOffset now)
    {
        if (reader.TryCountFrom(from, now, out long count))
            return count;
        try
        {
            return store.ReaderOf(key).CountFrom(gate.Shard, from, now) ?? count;
        }
        catch (StorageException)
        {
            return gate.Shard.RecordCount;                    // the read that comes next says why; what cannot be read is not settled
        }
    }
}
