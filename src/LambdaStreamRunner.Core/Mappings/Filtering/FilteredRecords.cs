using System.Runtime.InteropServices;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Filtering;

/// <summary>The records of one read that no filter wanted, as runs of neighbours where the read has them: nothing is copied.</summary>
internal sealed class FilteredRecords
{
    private readonly List<ReadOnlyMemory<StreamRecord>> _runs = [];
    private int _endOfRun;

    /// <summary>The runs, in order.</summary>
    public IReadOnlyList<ReadOnlyMemory<StreamRecord>> Runs => _runs;

    /// <summary>How many records.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets the last read.</summary>
    public void Clear()
    {
        _runs.Clear();
        Count = 0;
    }

    /// <summary>The next records lie in another piece of memory.</summary>
    public void BeginSegment() => _endOfRun = -1;

    /// <summary>Adds the record of a segment.</summary>
    public void Add(ReadOnlyMemory<StreamRecord> segment, int index)
    {
        Count++;
        if (index == _endOfRun)
        {
            ref ReadOnlyMemory<StreamRecord> run = ref CollectionsMarshal.AsSpan(_runs)[^1];
            run = segment.Slice(index - run.Length, run.Length + 1);
        }
        else
        {
            _runs.Add(segment.Slice(index, 1));
        }
        _endOfRun = index + 1;
    }
}
