using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Tests;

public class SlabMemoryTests
{
    private const int Piece = 1 << 20;

    [Fact]
    public void Pieces_do_not_overlap()
    {
        var memory = new SlabMemory(SlabMemory.SlabBytes);

        ArraySegment<byte>[] pieces = [.. Enumerable.Range(0, 100).Select(_ => memory.AllocateBytes(Piece))];
        for (int i = 0; i < pieces.Length; i++)
            pieces[i].AsSpan().Fill((byte)i);

        Assert.All(pieces, (piece, i) => Assert.Equal(-1, piece.AsSpan().IndexOfAnyExcept((byte)i)));
        Assert.All(pieces, piece => Assert.Equal(Piece, piece.Count));
    }

    [Fact]
    public void Many_pieces_share_an_array()
    {
        var memory = new SlabMemory(SlabMemory.SlabBytes);

        int arrays = Enumerable.Range(0, 100).Select(_ => memory.AllocateBytes(Piece).Array).Distinct().Count();

        Assert.InRange(arrays, 2, 10);
    }

    [Fact]
    public void Records_are_empty_and_their_own()
    {
        var memory = new SlabMemory(SlabMemory.SlabBytes);
        ArraySegment<StreamRecord> first = memory.AllocateRecords(1024);
        first[1023] = StreamRecord.Create("key", "data"u8, default, DateTimeOffset.UnixEpoch);

        ArraySegment<StreamRecord> second = memory.AllocateRecords(1024);

        Assert.Equal(1024, second.Count);
        Assert.Equal(0, second[0].RawLength);
        Assert.Equal(7, first[1023].RawLength);
    }

    [Fact]
    public void A_slab_is_free_when_nothing_points_into_it()
    {
        var memory = new SlabMemory(SlabMemory.SlabBytes);

        WeakReference<byte[]> slab = Use(memory);
        GC.Collect();

        Assert.False(slab.TryGetTarget(out _));

        static WeakReference<byte[]> Use(SlabMemory memory)
        {
            var first = new WeakReference<byte[]>(memory.AllocateBytes(Piece).Array!);
            for (int i = 0; i < 100; i++)
                memory.AllocateBytes(Piece);                  // so that the memory itself no longer holds the first one
            return first;
        }
    }

    [Fact]
    public void A_piece_larger_than_a_slab_is_possible()
    {
        Assert.Equal(100 << 20, new SlabMemory(SlabMemory.SlabBytes).AllocateBytes(100 << 20).Count);
    }
}
