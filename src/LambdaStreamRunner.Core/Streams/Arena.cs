namespace LambdaStreamRunner.Core.Streams;

/// <summary>Memory of one shard for keys and payloads: plain chunks that live as long as a record points into them.</summary>
/// <remarks>The first put allocates, small at first, so that idle shards cost nothing. Never pooled: readers hold slices.</remarks>
/// <param name="memory">Gives chunks of the largest size.</param>
internal sealed class Arena(StreamMemory memory)
{
    /// <summary>Largest chunk that is shared by records.</summary>
    public const int ChunkMax = 1 << 20;

    private const int ChunkMin = 1 << 10;

    private ArraySegment<byte> _chunk = ArraySegment<byte>.Empty;
    private int _used;
    private int _allocated;                                   // by all records so far, up to the largest chunk

    /// <summary>Room for at most this many bytes; holds until the next call, and becomes theirs for good by <see cref="Take"/>.</summary>
    public ArraySegment<byte> Reserve(int length)
    {
        if (length <= _chunk.Count - _used)
            return _chunk.Slice(_used, length);

        int next = Math.Clamp(_allocated, ChunkMin, ChunkMax);    // as much again as there is
        bool isLarge = length > next / 4;                     // would waste the rest of a chunk: a chunk of its own
        _allocated = Math.Min(ChunkMax, _allocated + (isLarge ? length : next));
        if (isLarge)
            return new ArraySegment<byte>(GC.AllocateUninitializedArray<byte>(length));

        _chunk = next == ChunkMax ? memory.AllocateBytes(next) : new ArraySegment<byte>(GC.AllocateUninitializedArray<byte>(next));
        _used = 0;
        return _chunk[..length];
    }

    /// <summary>Gives the first bytes of the reserved room away.</summary>
    public void Take(ArraySegment<byte> reserved, int length)
    {
        if (reserved.Array == _chunk.Array)                   // or it was a chunk of its own
            _used = reserved.Offset - _chunk.Offset + length;
    }
}
