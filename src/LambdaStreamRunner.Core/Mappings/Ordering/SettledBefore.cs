using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>Knows which records beyond its checkpoint an earlier run had settled, from the marks that it saved.</summary>
internal sealed class SettledBefore
{
    private readonly PartitionKeySequencer _sequencer;
    private LaneMarks? _marks;

    public SettledBefore(PartitionKeySequencer sequencer, EventSourceMapping mapping, LaneMarks? marks)
    {
        _sequencer = sequencer;
        if (marks is not null && marks.LanePolicy == mapping.LanePolicy && marks.ParallelizationFactor == mapping.ParallelizationFactor)
            _marks = marks;
    }

    /// <summary>True when the record need not be repeated. Records are asked for in ascending order.</summary>
    public bool Contains(in StreamRecord record)
    {
        if (_marks is null)
            return false;
        if (record.SequenceNumber > _marks.SettledThrough)
        {
            _marks = null;
            return false;
        }
        UInt128 group = _sequencer.GroupOf(in record);
        foreach (LaneMark mark in _marks.FirstUnsettled)
        {
            if (mark.Group == group)
                return record.SequenceNumber < mark.FirstUnsettled;
        }
        return true;
    }
}
