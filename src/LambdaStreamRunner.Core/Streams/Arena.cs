namespace LambdaStreamRunner.Core.Streams;

/// <summary>Memory of one shard for keys and payloads: plain chunks that live as long as a record points into them.</summary>
/// <remarks>The first put allocates, small at first, so that idle shards cost nothing. Never pooled: readers hold slices.</remarks>
internal sealed class Arena
{
    /// <summary>Largest chunk that is shared by records.</summary>
    public const int ChunkMax = 1 << 20;

    private const int ChunkMin = 1 << 10;

    private byte[] _chunk = [];
    private int _used;

    /// <summary>Room for at most this many bytes; holds until the next call, and becomes theirs for good by <see cref="Take"/>.</summary>
    public ArraySegment<byte> Reserve(int length)
    {
        if (length <= _chunk.Length - _used)
            return new ArraySegment<byte>(_chunk, _used, length);

        int next = Math.Clamp(_chunk.Length * 2, ChunkMin, ChunkMax);
        if (length > next / 4)                                // would waste the rest of a chunk: a chunk of its own
            return new ArraySegment<byte>(GC.AllocateUninitializedArray<byte>(length));

        _chunk = GC.AllocateUninitializedArray<byte>(next);
        _used = 0;
        return new ArraySegment<byte>(_chunk, 0, length);
    }

    /// <summary>Gives the first bytes of the reserved room away.</summary>
    public void Take(ArraySegment<byte> reserved, int length)
    {
        if (reserved.Array == _chunk)
            _used = reserved.Offset + length;
    }
}
