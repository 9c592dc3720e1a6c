using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace LambdaStreamRunner.StreamServer.Listening;

/// <summary>Gives the web server larger blocks than its own pool does, so that a large body takes fewer calls of the system.</summary>
/// <remarks>A PutRecords of 500 × 1 KiB comes in 700 KB: 170 reads of 4 KiB. A connection without a request has no block.</remarks>
internal sealed class BlockPool : MemoryPool<byte>
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockLength = 32 * 1024;

    /// <summary>Blocks that are kept for later; what is given back beyond is left to the garbage collector.</summary>
    public const int KeptMax = 512;

    private readonly ConcurrentQueue<Block> _kept = new();
    private int _count;

    public override int MaxBufferSize => BlockLength;

    /// <param name="minBufferSize">At most a block; -1 for any.</param>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockLength);
        if (!_kept.TryDequeue(out Block? block))
            return new Block(this);
        Interlocked.Decrement(ref _count);
        return block;
    }

    /// <summary>Forgets what is kept; whoever still shares the pool goes on.</summary>
    protected override void Dispose(bool disposing)
    {
        while (_kept.TryDequeue(out _))
            Interlocked.Decrement(ref _count);
    }

    private void Return(Block block)
    {
        if (Interlocked.Increment(ref _count) <= KeptMax)
            _kept.Enqueue(block);
        else
            Interlocked.Decrement(ref _count);
    }

    /// <summary>Pinned for good, since sockets write into it; given back when it is disposed.</summary>
    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BlockLength, pinned: true), 0, BlockLength);

        public void Dispose() => pool.Return(this);
    }
}

/// <summary>Gives one pool to all parts of the web server that ask, so that what is kept has one bound.</summary>
internal sealed class BlockPoolFactory : IMemoryPoolFactory<byte>, IDisposable
{
    private readonly BlockPool _shared = new();

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => _shared;

    public void Dispose() => _shared.Dispose();
}
