using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>Waiting records in slots that are used again: chained per key, and linked in the order of their numbers.</summary>
internal sealed class WaitingRecords
{
    private const int None = -1;

    private Slot[] _slots = new Slot[64];
    private int _used;
    private int _unused = None;
    private int _lowest = None;
    private int _highest = None;
    private int _lastInserted = None;

    public SequenceNumber? Lowest => _lowest == None ? null : _slots[_lowest].Record.SequenceNumber;

    public ref readonly StreamRecord this[int slot] => ref _slots[slot].Record;

    /// <summary>Adds a record; returns its slot.</summary>
    public int Add(in StreamRecord record)
    {
        int slot = TakeSlot();
        int below = FindBelow(record.SequenceNumber);
        int above = below == None ? _lowest : _slots[below].Higher;
        _slots[slot] = new Slot { Record = record, Lower = below, Higher = above, NextOfKey = None };
        SetHigher(below, slot);
        SetLower(above, slot);
        if (above != None)
            _lastInserted = slot;
        return slot;
    }

    /// <summary>Makes <paramref name="next"/> the record of the same key that follows <paramref name="slot"/>.</summary>
    public void Chain(int slot, int next) => _slots[slot].NextOfKey = next;

    /// <summary>Removes a record; returns the next one of its key.</summary>
    public int Remove(int slot)
    {
        (int lower, int higher, int next) = (_slots[slot].Lower, _slots[slot].Higher, _slots[slot].NextOfKey);
        SetHigher(lower, higher);
        SetLower(higher, lower);
        _slots[slot].Higher = _unused;
        _unused = slot;
        if (_lastInserted == slot)
            _lastInserted = lower;
        return next;
    }

    // Nearly always the highest so far. Records that are read again find others above them, but follow one another.
    private int FindBelow(SequenceNumber number)
    {
        if (_highest == None || _slots[_highest].Record.SequenceNumber < number)
            return _highest;
        int below = _lastInserted;
        while (below != None && _slots[below].Record.SequenceNumber > number)
            below = _slots[below].Lower;
        int above = below == None ? _lowest : _slots[below].Higher;
        while (_slots[above].Record.SequenceNumber < number)
            (below, above) = (above, _slots[above].Higher);
        return below;
    }

    private int TakeSlot()
    {
        if (_unused != None)
        {
            int slot = _unused;
            _unused = _slots[slot].Higher;
            return slot;
        }
        if (_used == _slots.Length)
            Array.Resize(ref _slots, _slots.Length * 2);
        return _used++;
    }

    private void SetHigher(int slot, int higher)
    {
        if (slot == None)
            _lowest = higher;
        else
            _slots[slot].Higher = higher;
    }

    private void SetLower(int slot, int lower)
    {
        if (slot == None)
            _highest = lower;
        else
            _slots[slot].Lower = lower;
    }

    private struct Slot
    {
        public StreamRecord Record;
        public int Lower;
        public int Higher;
        public int NextOfKey;
    }
}
