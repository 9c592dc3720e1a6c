using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>A growing ring of waiting records with the sums that batching asks for.</summary>
internal sealed class RecordQueue
{
    private const int CapacityMin = 16;

    private StreamRecord[] _ring = [];
    private int _head;
    private long _eventLength;

    public int Count { get; private set; }

    /// <summary>Bytes of keys and payloads.</summary>
    public long RawLength { get; private set; }

    public Waiting Waiting => new(Count, _eventLength);

    public ref readonly StreamRecord First => ref _ring[_head];

    public void Enqueue(in StreamRecord record, int eventLength)
    {
        if (Count == _ring.Length)
            Grow();
        _ring[(_head + Count) & (_ring.Length - 1)] = record;
        Count++;
        RawLength += record.RawLength;
        _eventLength += eventLength;
    }

    /// <summary>Moves the first records out, as many as fit; the very first one fits always.</summary>
    public int Take(Span<StreamRecord> into, ref BatchBudget budget)
    {
        int limit = Math.Min(into.Length, Count);
        int toEnd = Math.Min(limit, _ring.Length - _head);
        int taken = Take(_ring.AsSpan(_head, toEnd), into, ref budget);
        if (taken == toEnd)
            taken += Take(_ring.AsSpan(0, limit - toEnd), into[taken..], ref budget);
        _head = (_head + taken) & (_ring.Length - 1);
        Count -= taken;
        _eventLength -= budget.RecordsLength;
        return taken;
    }

    // Counts first and copies at once: a record alone costs several times its share of a block.
    private int Take(ReadOnlySpan<StreamRecord> run, Span<StreamRecord> into, ref BatchBudget budget)
    {
        int taken = 0;
        long rawLength = 0;
        while (taken < run.Length && budget.TryAdd(in run[taken]))
            rawLength += run[taken++].RawLength;
        run[..taken].CopyTo(into);
        RawLength -= rawLength;
        return taken;
    }

    private void Grow()
    {
        var larger = new StreamRecord[Math.Max(CapacityMin, _ring.Length * 2)];
        int toEnd = Math.Min(Count, _ring.Length - _head);
        _ring.AsSpan(_head, toEnd).CopyTo(larger);
        _ring.AsSpan(0, Count - toEnd).CopyTo(larger.AsSpan(toEnd));
        (_ring, _head) = (larger, 0);
    }
}
