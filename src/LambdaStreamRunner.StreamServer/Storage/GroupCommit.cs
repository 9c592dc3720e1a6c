using RocksDbSharp;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>Writes everything that waits in one batch, then everything that came meanwhile in the next: one sync serves many requests.</summary>
/// <remarks>The order of the queue is the order on the disk: what is kept after a crash is a prefix of it.</remarks>
internal sealed class GroupCommit : IDisposable
{
    private const int BatchBytesMax = 32 << 20;

    private readonly Database _database;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _arrived = new(false);
    private readonly Dictionary<string, PendingChange> _owed = [];
    private readonly Dictionary<ShardKey, (ulong First, ulong Last)> _failed = [];
    private List<PendingWrite> _waiting = [];
    private List<PendingWrite> _taken = [];
    private bool _isStopping;

    public GroupCommit(Database database)
    {
        _database = database;
        _thread = new Thread(Run) { IsBackground = true, Name = "stream storage" };
        _thread.Start();
    }

    /// <summary>Adds to the queue. What must come in some order is given in that order.</summary>
    public void Enqueue(PendingWrite write)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isStopping, this);
            _waiting.Add(write);
        }
        _arrived.Set();
    }

    /// <summary>Writes what waits, then ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isStopping)
                return;
            _isStopping = true;
        }
        _arrived.Set();
        _thread.Join();
        _arrived.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _arrived.WaitOne();
            bool stopping;
            lock (_gate)
            {
                (_taken, _waiting) = (_waiting, _taken);
                stopping = _isStopping;
            }
            for (int first = 0; first < _taken.Count;)
                first = CommitFrom(first);
            _taken.Clear();
            if (stopping)
                return;
        }
    }

    /// <summary>Writes what waits from a place in the queue on, up to a size; returns the place behind it.</summary>
    private int CommitFrom(int first)
    {
        int end = first;
        long bytes = 0;
        while (end < _taken.Count && (end == first || bytes + _taken[end].Length <= BatchBytesMax))
            bytes += _taken[end++].Length;

        ReadOnlySpan<PendingWrite> group = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_taken)[first..end];
        try
        {
            Write(group);
        }
        catch (StorageException why)
        {
            Fail(group, why);
            return end;
        }
        _owed.Clear();
        _failed.Clear();
        foreach (PendingWrite write in group)
        {
            if (write.IsStale)
                write.Failed(new StorageException("Records that were put on the shard before these could not be written. Put them again."));
            else
                write.Written();
        }
        return end;
    }

    private void Write(ReadOnlySpan<PendingWrite> group)
    {
        using var batch = new WriteBatch();
        foreach ((ShardKey shard, (ulong from, ulong through)) in _failed)
            batch.DeleteRange(StoreKeys.Block(shard, from), StoreKeys.BlockLength, StoreKeys.Block(shard, through + 1), StoreKeys.BlockLength);
        foreach (PendingChange change in _owed.Values)
            change.AddTo(batch);
        foreach (PendingWrite write in group)
        {
            if (!write.IsStale)
                write.AddTo(batch);
        }
        _database.Write(batch);
    }

    private void Fail(ReadOnlySpan<PendingWrite> group, StorageException why)
    {
        foreach (PendingWrite write in group)
        {
            if (write is PendingBlock { IsStale: false } block)
                block.Shard.RollBack();                       // makes all blocks of the shard stale, those in the queue too
            if (write is PendingBlock failed)
                Remember(failed);
            if (write is PendingChange { OwedAs: { } name } change)
                _owed[name] = change;
            write.Failed(why);
        }
    }

    // A write that failed may be on the disk nevertheless, or come back with the log: the next one that succeeds deletes it.
    private void Remember(PendingBlock block)
    {
        (ulong first, ulong last) = _failed.GetValueOrDefault(block.Shard.Key, (block.FirstIndex, block.FirstIndex));
        _failed[block.Shard.Key] = (Math.Min(first, block.FirstIndex), Math.Max(last, block.FirstIndex));
    }
}
