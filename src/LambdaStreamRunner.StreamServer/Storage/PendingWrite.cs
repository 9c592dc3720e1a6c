using System.Buffers;
using RocksDbSharp;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>Something that waits to be written with the next group.</summary>
internal abstract class PendingWrite
{
    /// <summary>About how many bytes it adds.</summary>
    public virtual int Length => 0;

    /// <summary>True when it must not be written any more, since something before it failed.</summary>
    public virtual bool IsStale => false;

    public abstract void AddTo(WriteBatch batch);

    /// <summary>The group is written.</summary>
    public abstract void Written();

    /// <summary>Nothing of the group is written.</summary>
    public abstract void Failed(StorageException why);
}

/// <summary>A block of records.</summary>
internal sealed class PendingBlock(StoredShard shard, ulong firstIndex, ArraySegment<byte> content, long endOrdinal, int life, PutCommit request) : PendingWrite
{
    public StoredShard Shard => shard;

    public ulong FirstIndex => firstIndex;

    public long EndOrdinal => endOrdinal;

    public override int Length => content.Count;

    public override bool IsStale => shard.Life != life;

    public override void AddTo(WriteBatch batch) => batch.Put(StoreKeys.Block(shard.Key, firstIndex).AsSpan(), content.AsSpan());

    public override void Written()
    {
        ArrayPool<byte>.Shared.Return(content.Array!);
        shard.Publish(endOrdinal, content.Count);
        request.Done(null);
    }

    public override void Failed(StorageException why)
    {
        ArrayPool<byte>.Shared.Return(content.Array!);
        request.Done(why);
    }
}

/// <summary>A change of what is kept beside records.</summary>
/// <param name="change">Puts it into a batch; may be asked again when the first write failed.</param>
/// <param name="owedAs">Not null when it must come before any later write even if it fails now: what happened in memory cannot be undone.</param>
internal sealed class PendingChange(Action<WriteBatch> change, string? owedAs = null) : PendingWrite
{
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? OwedAs => owedAs;

    public Task Task => _written.Task;

    public override void AddTo(WriteBatch batch) => change(batch);

    public override void Written() => _written.TrySetResult();

    public override void Failed(StorageException why) => _written.TrySetException(why);
}

/// <summary>What one request waits for: all blocks that its records went to.</summary>
internal sealed class PutCommit
{
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StorageException? _failure;
    private int _open = 1;

    /// <summary>Ends when all blocks are written; throws <see cref="StorageException"/> when one is not.</summary>
    public Task Task => _written.Task;

    /// <summary>One block more.</summary>
    public void Add() => Interlocked.Increment(ref _open);

    /// <summary>One block less; once more when no further block will come.</summary>
    public void Done(StorageException? failure)
    {
        if (failure is not null)
            Volatile.Write(ref _failure, failure);
        if (Interlocked.Decrement(ref _open) > 0)
            return;
        if (Volatile.Read(ref _failure) is { } why)
            _written.TrySetException(why);
        else
            _written.TrySetResult();
    }
}
