using System.Runtime.CompilerServices;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer;

/// <summary>Cuts the memory of streams from slabs: large arrays that the system may back with huge pages.</summary>
/// <remarks>
/// Memory that is written for the first time costs a page fault for each 4 KiB, which takes longer than anything else about
/// a put; for a huge page it is one for each 2 MiB. A slab is free when nothing points into it any more; records leave in
/// the order in which they came, so that is soon after most of it is unused.
/// </remarks>
internal sealed class SlabMemory : StreamMemory
{
    /// <summary>Bytes of a slab: so many that the part which is no whole huge page hardly counts.</summary>
    private const int SlabBytes = 32 << 20;

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
                slab = new ArraySegment<T>(GC.AllocateUninitializedArray<T>(Math.Max(length, SlabBytes / Unsafe.SizeOf<T>())));
                HugePages.Advise(slab.AsSpan());
            }
            ArraySegment<T> piece = slab[..length];
            slab = slab[length..];
            return piece;
        }
    }
}
