using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>A queue per lane: every key belongs to one lane for good.</summary>
internal abstract class LaneQueues : PartitionKeySequencer
{
    private readonly RecordQueue[] _queues;
    private readonly Taken[] _taken;
    private readonly LaneShare _share;

    protected LaneQueues(EventSourceMapping mapping)
    {
        _queues = new RecordQueue[mapping.ParallelizationFactor];
        for (int lane = 0; lane < _queues.Length; lane++)
            _queues[lane] = new RecordQueue();
        _taken = new Taken[_queues.Length];
        _share = LaneShare.Of(mapping);
    }

    /// <summary>The lane of a record.</summary>
    protected abstract int LaneOf(in StreamRecord record);

    public override UInt128 GroupOf(in StreamRecord record) => (UInt128)(uint)LaneOf(in record);

    public override void Enqueue(in StreamRecord record, int eventLength) => _queues[LaneOf(in record)].Enqueue(in record, eventLength);

    public override Waiting WaitingFor(int lane) => _queues[lane].Waiting;

    public override long? FirstArrival(int lane) => _queues[lane].Count > 0 ? _queues[lane].First.ArrivalMilliseconds : null;

    public override int Take(int lane, Span<StreamRecord> into, BatchBudget budget)
    {
        long before = _queues[lane].RawLength;
        int records = _queues[lane].Take(into, ref budget);
        _taken[lane] = new Taken(records, before - _queues[lane].RawLength);
        return records;
    }

    public override void Release(int lane) => _taken[lane] = default;

    public override SequenceNumber? LowestWaiting
    {
        get
        {
            SequenceNumber? lowest = null;
            foreach (RecordQueue queue in _queues)
            {
                if (queue.Count > 0 && (lowest is null || queue.First.SequenceNumber < lowest))
                    lowest = queue.First.SequenceNumber;
            }
            return lowest;
        }
    }

    public override bool HasHungryLane
    {
        get
        {
            for (int lane = 0; lane < _queues.Length; lane++)
            {
                if (_taken[lane].Records == 0 && _queues[lane].Count < _share.HungryBelow && HasShareLeft(lane))
                    return true;
            }
            return false;
        }
    }

    public override Admission Admit(UInt128 group) => HasShareLeft((int)group) ? Admission.Take : Admission.FallBehind;

    public override bool WantsCatchUp(UInt128 group) => _queues[(int)group].Count < _share.HungryBelow && HasShareLeft((int)group);

    public override void CollectWaiting(Dictionary<UInt128, SequenceNumber> lowest)
    {
        for (int lane = 0; lane < _queues.Length; lane++)
        {
            if (_queues[lane].Count > 0)
                lowest.TryAdd((UInt128)(uint)lane, _queues[lane].First.SequenceNumber);
        }
    }

    private bool HasShareLeft(int lane) =>
        _share.HasRoom(_queues[lane].Count + _taken[lane].Records, _queues[lane].RawLength + _taken[lane].RawLength);

    private readonly record struct Taken(int Records, long RawLength);
}
