using System.Runtime.CompilerServices;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer;

/// <summary>Cuts the memory of streams from slabs: large arrays that the system may back with huge pages.</summary>
/// <remarks>
/// Memory that is written for the first time costs a page fault for each 4 KiB, which takes longer than anything else about
/// a put; for a huge page it is one for each 2 MiB. A slab is free when nothing points into it any more; records leave in
/// the order in which they came, so that is soon after most of it is unused.
/// </remarks>
/// <param name="slabBytes">Bytes of a slab.</param>
internal sealed class SlabMemory(int slabBytes) : StreamMemory
{
    /// <summary>Size of slabs of streams in memory: so large that the part which is no whole huge page hardly counts.</summary>
    public const int SlabBytes = 32 << 20;

    /// <summary>Size of slabs of streams on disk, whose records leave memory soon: with 32 MiB the collector was so far behind that a process took 1.1 GB, with 4 MiB it takes 450 MB.</summary>
    public const int SlabBytesWithStore = 4 << 20;

    private readonly Lock _gate = new();
    private ArraySegment<byte> _bytes = ArraySegment<byte>.Empty;
    private ArraySegment<StreamRecord> _records = ArraySegment<StreamRecord>.Empty;

    public override ArraySegment<byte> AllocateBytes(int length) => Cut(ref _bytes, length);

    public override ArraySegment<StreamRecord> AllocateRecords(int count) => Cut(ref _records, count);

    private ArraySegment<T> Cut<T>(ref ArraySegment<T> slab, int length)
    {
        lock (_gate)
        {
            if (slab.Count < length)
            {
                slab = new ArraySegment<T>(GC.AllocateUninitializedArray<T>(Math.Max(length, slabBytes / Unsafe.SizeOf<T>())));
                HugePages.Advise(slab.AsSpan());
            }
            ArraySegment<T> piece = slab[..length];
            slab = slab[length..];
            return piece;
        }
    }
}
