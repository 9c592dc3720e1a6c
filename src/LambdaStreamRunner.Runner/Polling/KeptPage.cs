using System.Buffers;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>The last page that a cursor read, until all of it is taken: what had no room is not fetched again.</summary>
internal struct KeptPage
{
    private StreamRecord[]? _records;

    /// <summary>Keeps a page instead of the one before.</summary>
    public void Keep(ReadOnlySequence<StreamRecord> page) => _records = page.IsEmpty ? null : Whole(page);

    /// <summary>Finds the records from a position on, when it lies in the page; forgets the page when it does not.</summary>
    public bool TryTake(ShardPosition from, out ReadOnlySequence<StreamRecord> records)
    {
        records = default;
        if (_records is not { } kept)
            return false;
        int first = from.Type switch
        {
            ShardIteratorType.AtSequenceNumber when from.SequenceNumber >= kept[0].SequenceNumber => FirstNotBelow(kept, from.SequenceNumber),
            ShardIteratorType.AfterSequenceNumber when from.SequenceNumber >= kept[0].SequenceNumber => FirstNotBelow(kept, from.SequenceNumber.Next()),
            _ => kept.Length,
        };
        if (first == kept.Length)
        {
            _records = null;
            return false;
        }
        records = new ReadOnlySequence<StreamRecord>(kept, first, kept.Length - first);
        return true;
    }

    private static StreamRecord[] Whole(ReadOnlySequence<StreamRecord> page) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(page.First, out ArraySegment<StreamRecord> all) && page.IsSingleSegment && all.Count == all.Array!.Length
            ? all.Array
            : page.ToArray();

    private static int FirstNotBelow(StreamRecord[] records, SequenceNumber number)
    {
        (int low, int high) = (0, records.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (records[middle].SequenceNumber < number)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
