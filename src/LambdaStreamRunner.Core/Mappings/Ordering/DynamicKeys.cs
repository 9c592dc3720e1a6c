using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>A free lane takes the oldest waiting records whose keys no other lane holds.</summary>
/// <remarks>
/// Waiting records hang in one list per key; a heap orders the keys that are free by their oldest record. A key that gets
/// claimed while it is in the heap stays there until it surfaces, since its oldest record cannot change in the meantime.
/// </remarks>
internal sealed class DynamicKeys : PartitionKeySequencer
{
    private readonly WaitingRecords _records = new();
    private readonly KeyTable _keys = new();
    private readonly PriorityQueue<int, SequenceNumber> _freeKeys = new();
    private readonly List<int>[] _claimed;
    private readonly int _fixedRecordLength;
    private readonly LaneShare _share;
    private WaitingSums _free;
    private int _idleLanes;

    public DynamicKeys(EventSourceMapping mapping, int fixedRecordLength)
    {
        _claimed = new List<int>[mapping.ParallelizationFactor];
        for (int lane = 0; lane < _claimed.Length; lane++)
            _claimed[lane] = [];
        _idleLanes = _claimed.Length;
        _fixedRecordLength = fixedRecordLength;
        _share = LaneShare.Of(mapping);
    }

    public override UInt128 GroupOf(in StreamRecord record) => record.KeyHash;

    public override Waiting WaitingFor(int lane) => new(_free.Records, _free.EventLength);

    public override long? FirstArrival(int lane)
    {
        while (_freeKeys.TryPeek(out int slot, out _))
        {
            ref KeyState key = ref _keys[slot];
            if (key.ClaimedBy == KeyState.Nobody || key.ClaimedBy == lane)
                return _records[key.First].ArrivalMilliseconds;
            _freeKeys.Dequeue();
            key.IsOffered = false;
        }
        return null;
    }

    public override SequenceNumber? LowestWaiting => _records.Lowest;

    public override bool HasHungryLane => _idleLanes > 0 && _free.Records < _share.HungryBelow && _free.RawLength < _share.RawLength;

    public override void Enqueue(in StreamRecord record, int eventLength)
    {
        int slot = _keys.SlotOf(record.KeyHash);
        ref KeyState key = ref _keys[slot];
        int node = _records.Add(in record);
        if (key.Waiting.Records == 0)
            key.First = node;
        else
            _records.Chain(key.Last, node);
        key.Last = node;

        var added = new WaitingSums(1, eventLength, record.RawLength);
        key.Waiting += added;
        if (key.ClaimedBy != KeyState.Nobody)
            return;
        _free += added;
        Offer(slot, ref key);
    }

    public override int Take(int lane, Span<StreamRecord> into, BatchBudget budget)
    {
        int taken = 0;
        while (taken < into.Length && _freeKeys.TryPeek(out int slot, out _))
        {
            ref KeyState key = ref _keys[slot];
            if (key.ClaimedBy != KeyState.Nobody && key.ClaimedBy != lane)
            {
                _freeKeys.Dequeue();
                key.IsOffered = false;
                continue;
            }
            ref readonly StreamRecord record = ref _records[key.First];
            if (!budget.TryAdd(in record))
                break;
            into[taken++] = record;
            Claim(lane, slot, ref key);
            RemoveFirst(slot, ref key);
        }
        _idleLanes--;
        WithholdClaimed(lane);
        return taken;
    }

    public override void Release(int lane)
    {
        foreach (int slot in _claimed[lane])
        {
            ref KeyState key = ref _keys[slot];
            key.ClaimedBy = KeyState.Nobody;
            if (key.Waiting.Records == 0)
            {
                _keys.Forget(slot);
                continue;
            }
            _free += key.Waiting;
            Offer(slot, ref key);
        }
        _claimed[lane].Clear();
        _idleLanes++;
    }

    public override Admission Admit(UInt128 group)
    {
        if (_keys.IsClaimed(group))
            return Admission.FallBehind;
        return _share.HasRoom(_free.Records, _free.RawLength) ? Admission.Take : Admission.Stop;
    }

    public override bool WantsCatchUp(UInt128 group) => !_keys.IsClaimed(group) && _share.HasRoom(_free.Records, _free.RawLength);

    public override void CollectWaiting(Dictionary<UInt128, SequenceNumber> lowest)
    {
        foreach ((UInt128 hash, int slot) in _keys.Slots)
        {
            if (_keys[slot].Waiting.Records > 0)
                lowest.TryAdd(hash, _records[_keys[slot].First].SequenceNumber);
        }
    }

    private void Claim(int lane, int slot, ref KeyState key)
    {
        if (key.ClaimedBy == lane)
            return;
        key.ClaimedBy = lane;
        _claimed[lane].Add(slot);
    }

    // Called with the key on top of the heap: it stays offered, to its lane, with the record that is next.
    private void RemoveFirst(int slot, ref KeyState key)
    {
        ref readonly StreamRecord record = ref _records[key.First];
        var removed = new WaitingSums(1, record.EventLength + _fixedRecordLength, record.RawLength);
        key.Waiting -= removed;
        _free -= removed;
        key.First = _records.Remove(key.First);
        key.IsOffered = key.Waiting.Records > 0;
        if (key.IsOffered)
            _freeKeys.DequeueEnqueue(slot, _records[key.First].SequenceNumber);
        else
            _freeKeys.Dequeue();
    }

    // What still waits for the keys just claimed is no longer free.
    private void WithholdClaimed(int lane)
    {
        foreach (int slot in _claimed[lane])
            _free -= _keys[slot].Waiting;
    }

    private void Offer(int slot, ref KeyState key)
    {
        if (key.IsOffered)
            return;
        key.IsOffered = true;
        _freeKeys.Enqueue(slot, _records[key.First].SequenceNumber);
    }
}
