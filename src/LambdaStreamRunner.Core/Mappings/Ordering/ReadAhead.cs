using System.Buffers;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>Decides which records that were read are held, and where reading goes on.</summary>
/// <remarks>
/// At most 10,000 records or 10 MiB are held unresolved per shard (open question Q27). Past that bound a lane that is
/// hungry still gets its share, and records of groups that have used up theirs <em>fall behind</em>: they are not held,
/// the main cursor goes on, and a catch-up pass reads them again once their group is free. So a stuck lane neither stops
/// the others nor grows memory.
/// </remarks>
internal sealed class ReadAhead
{
    /// <summary>Most records read and not yet resolved, save the shares of hungry lanes.</summary>
    public const int RecordsMax = 10_000;

    /// <summary>Most bytes of keys and payloads read and not yet resolved, save the shares of hungry lanes.</summary>
    public const int RawLengthMax = 10 * 1024 * 1024;

    /// <summary>Most groups that may be behind; past it the main cursor waits.</summary>
    public const int BehindGroupsMax = 100_000;

    // Records read for a hungry lane while there is no room: the rest of them is read again.
    private const int SeekLimit = 1_000;

    private readonly PartitionKeySequencer _sequencer;
    private readonly int _fixedRecordLength;
    private readonly Dictionary<UInt128, Behind> _behind = [];
    private LaneMarks? _marks;
    private int _heldRecords;
    private long _heldRawLength;
    private int _pass;
    private SequenceNumber _passFrom;
    private int _groupsInPass;
    private bool _mayWantCatchUp;

    public ReadAhead(PartitionKeySequencer sequencer, EventSourceMapping mapping, ShardContext shard)
    {
        _sequencer = sequencer;
        _fixedRecordLength = shard.FixedRecordLength;
        MainPosition = shard.From.Position;
        LaneMarks? marks = shard.From.Marks;
        if (marks is not null && marks.LanePolicy == mapping.LanePolicy && marks.ParallelizationFactor == mapping.ParallelizationFactor)
            _marks = marks;
    }

    /// <summary>Where the main cursor reads on.</summary>
    public ShardPosition MainPosition { get; private set; }

    /// <summary>Highest number that the main cursor has passed; null before the first record.</summary>
    public SequenceNumber? LastRead { get; private set; }

    /// <summary>Where the catch-up pass reads on; null when none is under way.</summary>
    public ShardPosition? CatchUpPosition { get; private set; }

    /// <summary>Records read and not yet resolved.</summary>
    public int HeldRecords => _heldRecords;

    /// <summary>True when some group has records that are to be read again.</summary>
    public bool HasBehind => _behind.Count > 0;

    /// <summary>True when a read could be put to use.</summary>
    /// <remarks>Not for every record that is resolved: what a read returns beyond the room is read in vain.</remarks>
    public bool MayRead => IsHalfEmpty || (_sequencer.HasHungryLane && _behind.Count < BehindGroupsMax);

    /// <summary>How many records a read may return: those for which there is room, or enough to find some for a hungry lane.</summary>
    public int ReadLimit => _behind.Count > 0 ? RecordsMax : Math.Max(SeekLimit, RecordsMax - _heldRecords);

    private bool IsHalfEmpty => _heldRecords <= RecordsMax / 2 && _heldRawLength <= RawLengthMax / 2;

    private bool HasRoom => _heldRecords < RecordsMax && _heldRawLength < RawLengthMax;

    /// <summary>Takes what the main cursor read: returns how many it passed, and how many of them an earlier run had settled.</summary>
    public (int Passed, int SettledBefore) AcceptMain(ReadOnlySequence<StreamRecord> records)
    {
        (int passed, int settled) = (0, 0);
        foreach (ReadOnlyMemory<StreamRecord> segment in records)
        {
            foreach (ref readonly StreamRecord record in segment.Span)
            {
                if (WasSettledBefore(in record))
                    settled++;
                else if (!AcceptFresh(in record))
                    return (passed, settled);
                LastRead = record.SequenceNumber;
                passed++;
            }
        }
        if (LastRead is { } last)
            MainPosition = ShardPosition.After(last);
        return (passed, settled);
    }

    /// <summary>Takes what a catch-up pass read.</summary>
    public void AcceptCatchUp(ReadOnlySequence<StreamRecord> records)
    {
        if (records.IsEmpty || LastRead is not { } frontier)
        {
            EndPass();
            return;
        }
        SequenceNumber last = default;
        foreach (ReadOnlyMemory<StreamRecord> segment in records)
        {
            foreach (ref readonly StreamRecord record in segment.Span)
            {
                last = record.SequenceNumber;
                if (last > frontier)
                    break;
                if (!AcceptAgain(in record))
                {
                    CatchUpPosition = ShardPosition.At(last);
                    return;
                }
                if (_groupsInPass == 0)
                {
                    EndPass();
                    return;
                }
            }
        }
        if (last >= frontier)
            EndPass();
        else
            CatchUpPosition = NextOfPass(last);
    }

    /// <summary>Begins a catch-up pass when a group that is behind could use its records.</summary>
    public void LookForCatchUp()
    {
        if (!_mayWantCatchUp || CatchUpPosition is not null)
            return;
        _mayWantCatchUp = false;
        SequenceNumber? from = null;
        foreach ((UInt128 group, Behind behind) in _behind)
        {
            if ((from is null || behind.From < from) && _sequencer.WantsCatchUp(group))
                from = behind.From;
        }
        if (from is not { } first)
            return;
        CatchUpPosition = ShardPosition.At(first);
        _passFrom = first;
        _pass++;
        _groupsInPass = _behind.Values.Count(IsInPass);
    }

    /// <summary>Records are resolved: there is room for others.</summary>
    public void Resolve(ReadOnlySpan<StreamRecord> records)
    {
        long rawLength = 0;
        foreach (ref readonly StreamRecord record in records)
            rawLength += record.RawLength;
        _heldRecords -= records.Length;
        _heldRawLength -= rawLength;
    }

    /// <summary>A lane was released, or took a batch: a group that is behind may be free now.</summary>
    public void GroupsMayBeFree() => _mayWantCatchUp = _behind.Count > 0;

    /// <summary>The lowest number that is to be read again.</summary>
    public SequenceNumber? LowestBehind
    {
        get
        {
            SequenceNumber? lowest = null;
            foreach (Behind behind in _behind.Values)
            {
                if (lowest is null || behind.From < lowest)
                    lowest = behind.From;
            }
            return lowest;
        }
    }

    /// <summary>Adds the marks of the groups that are behind.</summary>
    public void CollectBehind(Dictionary<UInt128, SequenceNumber> lowest)
    {
        foreach ((UInt128 group, Behind behind) in _behind)
            lowest.TryAdd(group, behind.From);
    }

    private bool AcceptFresh(in StreamRecord record)
    {
        if (_behind.Count == 0 && HasRoom)
        {
            Hold(in record);
            return true;
        }
        UInt128 group = _sequencer.GroupOf(in record);
        if (_behind.ContainsKey(group))
            return true;
        switch (Admit(group))
        {
            case Admission.Take:
                Hold(in record);
                return true;
            case Admission.FallBehind when _behind.Count < BehindGroupsMax:
                _behind.Add(group, new Behind(record.SequenceNumber, RefusedInPass: _pass));
                _mayWantCatchUp = true;
                return true;
            default:
                MainPosition = ShardPosition.At(record.SequenceNumber);
                return false;
        }
    }

    private bool AcceptAgain(in StreamRecord record)
    {
        UInt128 group = _sequencer.GroupOf(in record);
        if (!_behind.TryGetValue(group, out Behind behind) || !IsInPass(behind) || record.SequenceNumber < behind.From)
            return true;
        switch (Admit(group))
        {
            case Admission.Take:
                Hold(in record);
                _behind[group] = behind with { From = record.SequenceNumber.Next() };
                return true;
            case Admission.FallBehind:
                _behind[group] = new Behind(record.SequenceNumber, RefusedInPass: _pass);
                _groupsInPass--;
                return true;
            default:
                return false;
        }
    }

    private Admission Admit(UInt128 group)
    {
        if (HasRoom)
            return Admission.Take;
        return _sequencer.HasHungryLane ? _sequencer.Admit(group) : Admission.Stop;
    }

    // Where those who still take part have their next records: perhaps far ahead, when the others have been refused.
    private ShardPosition NextOfPass(SequenceNumber last)
    {
        SequenceNumber? next = null;
        foreach (Behind behind in _behind.Values)
        {
            if (IsInPass(behind) && (next is null || behind.From < next))
                next = behind.From;
        }
        return next > last ? ShardPosition.At(next.Value) : ShardPosition.After(last);
    }

    // The pass has met the main cursor, or everyone was refused: who still takes part in it has everything again.
    private void EndPass()
    {
        foreach ((UInt128 group, Behind behind) in _behind)
        {
            if (IsInPass(behind))
                _behind.Remove(group);
        }
        CatchUpPosition = null;
        _mayWantCatchUp = _behind.Count > 0;
    }

    // A group whose records begin before the pass, or that was refused on the way, would lose some: it waits for another pass.
    private bool IsInPass(Behind behind) => behind.RefusedInPass != _pass && behind.From >= _passFrom;

    private void Hold(in StreamRecord record)
    {
        _heldRecords++;
        _heldRawLength += record.RawLength;
        _sequencer.Enqueue(in record, record.EventLength + _fixedRecordLength);
    }

    private bool WasSettledBefore(in StreamRecord record)
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

    private readonly record struct Behind(SequenceNumber From, int RefusedInPass);
}
