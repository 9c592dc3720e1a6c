using System.Buffers;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Core.Mappings.Filtering.Matching;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>Decides which records that were read are held, and where reading goes on.</summary>
/// <remarks>
/// At most 10,000 records or 10 MiB are held unresolved per shard (open question Q27). Past that bound a lane that is
/// hungry still gets its share, and records of groups that have used up theirs <em>fall behind</em>: they are not held,
/// the main cursor goes on, and a catch-up pass reads them again once their group is free. So a stuck lane neither stops
/// the others nor grows memory. A record that no filter wants is passed without being held, for good: it needs no room.
/// </remarks>
internal sealed class ReadAhead(PartitionKeySequencer sequencer, EventSourceMapping mapping, ShardContext shard)
{
    /// <summary>Most records read and not yet resolved, save the shares of hungry lanes.</summary>
    public const int RecordsMax = 10_000;

    /// <summary>Most bytes of keys and payloads read and not yet resolved, save the shares of hungry lanes.</summary>
    public const int RawLengthMax = 10 * 1024 * 1024;

    // Records read for a hungry lane while there is no room: the rest of them is read again.
    private const int SeekLimit = 1_000;

    private readonly int _fixedRecordLength = shard.FixedRecordLength;
    private readonly SettledBefore _settledBefore = new(sequencer, mapping, shard.From.Marks);
    private readonly RecordFilter _filter = new(mapping.FilterCriteria);
    private readonly BehindGroups _behind = new(sequencer);
    private int _heldRecords;
    private long _heldRawLength;

    /// <summary>Where the main cursor reads on.</summary>
    public ShardPosition MainPosition { get; private set; } = shard.From.Position;

    /// <summary>Highest number that the main cursor has passed; null before the first record.</summary>
    public SequenceNumber? LastRead { get; private set; }

    /// <summary>Where the catch-up pass reads on; null when none is under way.</summary>
    public ShardPosition? CatchUpPosition => _behind.PassPosition;

    /// <summary>What the last read of the main cursor had that no filter wants, up to where the cursor stopped.</summary>
    public FilteredRecords Filtered { get; } = new();

    /// <summary>Records read and not yet resolved.</summary>
    public int HeldRecords => _heldRecords;

    /// <summary>True when some group has records that are to be read again.</summary>
    public bool HasBehind => !_behind.IsEmpty;

    /// <summary>The lowest number that is to be read again.</summary>
    public SequenceNumber? LowestBehind => _behind.Lowest;

    /// <summary>True when a read could be put to use.</summary>
    /// <remarks>Not for every record that is resolved: what a read returns beyond the room is read in vain.</remarks>
    public bool MayRead => IsHalfEmpty || (sequencer.HasHungryLane && !_behind.IsFull);

    /// <summary>How many records a read may return: those for which there is room, or enough to find some for a hungry lane.</summary>
    public int ReadLimit => HasBehind ? RecordsMax : Math.Max(SeekLimit, RecordsMax - _heldRecords);

    private bool IsHalfEmpty => _heldRecords <= RecordsMax / 2 && _heldRawLength <= RawLengthMax / 2;

    private bool HasRoom => _heldRecords < RecordsMax && _heldRawLength < RawLengthMax;

    /// <summary>Takes what the main cursor read: returns how many it passed, and how many of them an earlier run had settled.</summary>
    public (int Passed, int SettledBefore) AcceptMain(ReadOnlySequence<StreamRecord> records)
    {
        (int passed, int settled) = (0, 0);
        foreach (ReadOnlyMemory<StreamRecord> segment in records)
        {
            Filtered.BeginSegment();
            ReadOnlySpan<StreamRecord> span = segment.Span;
            for (int i = 0; i < span.Length; i++)
            {
                ref readonly StreamRecord record = ref span[i];
                if (_settledBefore.Contains(in record))
                    settled++;
                else if (!_filter.Matches(in record))
                    Filtered.Add(segment, i);
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
            _behind.EndPass();
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
                    _behind.PausePassAt(last);
                    return;
                }
                if (_behind.PassIsEmpty)
                {
                    _behind.EndPass();
                    return;
                }
            }
        }
        if (last >= frontier)
            _behind.EndPass();
        else
            _behind.ContinuePassAfter(last);
    }

    /// <summary>Begins a catch-up pass when a group that is behind could use its records.</summary>
    public void LookForCatchUp() => _behind.LookForPass();

    /// <summary>A lane was released, or took a batch: a group that is behind may be free now.</summary>
    public void GroupsMayBeFree() => _behind.GroupsMayBeFree();

    /// <summary>Records are resolved: there is room for others.</summary>
    public void Resolve(ReadOnlySpan<StreamRecord> records)
    {
        long rawLength = 0;
        foreach (ref readonly StreamRecord record in records)
            rawLength += record.RawLength;
        _heldRecords -= records.Length;
        _heldRawLength -= rawLength;
    }

    /// <summary>Adds the marks of the groups that are behind.</summary>
    public void CollectBehind(Dictionary<UInt128, SequenceNumber> lowest) => _behind.CollectUnsettled(lowest);

    // False: there is no room, and the main cursor stops before the record.
    private bool AcceptFresh(in StreamRecord record)
    {
        if (_behind.IsEmpty && HasRoom)
        {
            Hold(in record);
            return true;
        }
        UInt128 group = sequencer.GroupOf(in record);
        if (_behind.Contains(group))
            return true;
        switch (Admit(group))
        {
            case Admission.Take:
                Hold(in record);
                return true;
            case Admission.FallBehind when !_behind.IsFull:
                _behind.Add(group, record.SequenceNumber);
                return true;
            default:
                MainPosition = ShardPosition.At(record.SequenceNumber);
                return false;
        }
    }

    // False: there is no room, and the pass stops before the record.
    private bool AcceptAgain(in StreamRecord record)
    {
        UInt128 group = sequencer.GroupOf(in record);
        if (!_behind.IsMissing(group, record.SequenceNumber))
            return true;
        if (!_filter.Matches(in record))
            return true;                                      // settled when the main cursor passed it
        switch (Admit(group))
        {
            case Admission.Take:
                Hold(in record);
                _behind.Took(group, record.SequenceNumber);
                return true;
            case Admission.FallBehind:
                _behind.Refuse(group, record.SequenceNumber);
                return true;
            default:
                return false;
        }
    }

    private Admission Admit(UInt128 group)
    {
        if (HasRoom)
            return Admission.Take;
        return sequencer.HasHungryLane ? sequencer.Admit(group) : Admission.Stop;
    }

    private void Hold(in StreamRecord record)
    {
        _heldRecords++;
        _heldRawLength += record.RawLength;
        sequencer.Enqueue(in record, record.EventLength + _fixedRecordLength);
    }
}
