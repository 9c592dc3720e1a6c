using RocksDbSharp;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>Writes everything that waits in one batch, then everything that came meanwhile in the next: one sync serves many requests.</summary>
/// <remarks>The order of the queue is the order on the disk: what is kept after a crash is a prefix of it.</remarks>
internal sealed class GroupCommit : IDisposable
{
    private const int BatchBytesMax = 32 << 20;

    private readonly Database _database;
    private readonly Thread _thread;
    private readonly bool _isSlow;                            // each group waits for the disk
    private readonly Lock _committing = new();                // held by whoever writes; taken before the other
    private readonly Lock _gate = new();                      // of the queue
    private readonly AutoResetEvent _arrived = new(false);
    private readonly Dictionary<string, PendingChange> _owed = [];
    private readonly Dictionary<ShardKey, (ulong First, ulong Last)> _failed = [];
    private List<PendingWrite> _waiting = [];
    private List<PendingWrite> _taken = [];
    private bool _isStopping;

    public GroupCommit(Database database, Durability durability)
    {
        (_database, _isSlow) = (database, durability is Durability.PowerCut);
        _thread = new Thread(Run) { IsBackground = true, Name = "stream storage" };
        _thread.Start();
    }

    /// <summary>Adds to the queue. What must come in some order is given in that order. Nobody is told: <see cref="WriteWaiting"/> must follow.</summary>
    public void Add(PendingWrite write)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isStopping, this);
            _waiting.Add(write);
        }
    }

    /// <summary>Writes what waits: here and now when nobody else writes, which spares two changes of threads; else whoever writes comes to it.</summary>
    /// <remarks>To be called outside any shard's gate: records are published, or taken back, on the way.</remarks>
    public void WriteWaiting()
    {
        if (!_isSlow && _committing.TryEnter())
        {
            try
            {
                CommitWaiting();
            }
            finally
            {
                _committing.Exit();
            }
            if (!HasWaiting())
                return;
        }
        Wake();
    }

    /// <summary>Has written what waits, on the store's own thread.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (!_isStopping)                                 // else it does so anyhow
                _arrived.Set();
        }
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
            bool stopping = Volatile.Read(ref _isStopping);   // nothing is added any more when it is true
            lock (_committing)
                CommitWaiting();
            if (stopping)
                return;
        }
    }

    private bool HasWaiting()
    {
        lock (_gate)
            return _waiting.Count > 0;
    }

    private void CommitWaiting()
    {
        lock (_gate)
            (_taken, _waiting) = (_waiting, _taken);
        try
        {
            for (int first = 0; first < _taken.Count;)
                first = CommitFrom(first);
            _taken.Clear();
        }
        catch (Exception fault)
        {
            // Nobody knows what of the group is published. What is on the disk is good, so the next process goes on from there.
            Environment.FailFast("The streams on disk are in a state that nobody knows: start again.", fault);
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
