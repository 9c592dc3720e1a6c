using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>Order groups whose records the main cursor passed without holding them, and the pass that reads them again.</summary>
/// <remarks>
/// A pass begins at the lowest record that a free group is missing and ends where it meets the main cursor, or when
/// everyone in it was refused. A group takes part in a pass when all it is missing lies ahead of it: one whose records
/// begin before the pass, or that was refused on the way, would lose some and waits for another.
/// </remarks>
internal sealed class BehindGroups(PartitionKeySequencer sequencer)
{
    /// <summary>Most groups that may be behind.</summary>
    public const int GroupsMax = 100_000;

    private readonly Dictionary<UInt128, Behind> _groups = [];
    private bool _mayWantPass;
    private int _pass;
    private SequenceNumber _passFrom;
    private int _groupsInPass;

    /// <summary>True when no group is behind.</summary>
    public bool IsEmpty => _groups.Count == 0;

    /// <summary>True when no other group may fall behind: the main cursor waits.</summary>
    public bool IsFull => _groups.Count >= GroupsMax;

    /// <summary>Where the pass reads on; null when none is under way.</summary>
    public ShardPosition? PassPosition { get; private set; }

    /// <summary>True when nobody is left in the pass.</summary>
    public bool PassIsEmpty => _groupsInPass == 0;

    /// <summary>The lowest number that is to be read again.</summary>
    public SequenceNumber? Lowest
    {
        get
        {
            SequenceNumber? lowest = null;
            foreach (Behind behind in _groups.Values)
            {
                if (lowest is null || behind.From < lowest)
                    lowest = behind.From;
            }
            return lowest;
        }
    }

    /// <summary>True when later records of this group must not be held either.</summary>
    public bool Contains(UInt128 group) => _groups.ContainsKey(group);

    /// <summary>A group falls behind with this record.</summary>
    public void Add(UInt128 group, SequenceNumber from)
    {
        _groups.Add(group, new Behind(from, RefusedInPass: _pass));
        _mayWantPass = true;
    }

    /// <summary>A lane was released, or took a batch: a group may be free now.</summary>
    public void GroupsMayBeFree() => _mayWantPass = _groups.Count > 0;

    /// <summary>Begins a pass when some group could use its records.</summary>
    public void LookForPass()
    {
        if (!_mayWantPass || PassPosition is not null)
            return;
        _mayWantPass = false;
        SequenceNumber? from = null;
        foreach ((UInt128 group, Behind behind) in _groups)
        {
            if ((from is null || behind.From < from) && sequencer.WantsCatchUp(group))
                from = behind.From;
        }
        if (from is not { } first)
            return;
        PassPosition = ShardPosition.At(first);
        _passFrom = first;
        _pass++;
        _groupsInPass = _groups.Values.Count(IsInPass);
    }

    /// <summary>True when the pass has come to a record that its group is missing and may have.</summary>
    public bool IsMissing(UInt128 group, SequenceNumber number) =>
        _groups.TryGetValue(group, out Behind behind) && IsInPass(behind) && number >= behind.From;

    /// <summary>The record is held: the group is missing what follows.</summary>
    public void Took(UInt128 group, SequenceNumber number) => _groups[group] = _groups[group] with { From = number.Next() };

    /// <summary>The group may not have this record: it is out of the pass.</summary>
    public void Refuse(UInt128 group, SequenceNumber number)
    {
        _groups[group] = new Behind(number, RefusedInPass: _pass);
        _groupsInPass--;
    }

    /// <summary>There is no room for this record: the pass comes back to it.</summary>
    public void PausePassAt(SequenceNumber number) => PassPosition = ShardPosition.At(number);

    /// <summary>The pass goes on behind this record: where its groups miss the next one, perhaps far ahead.</summary>
    public void ContinuePassAfter(SequenceNumber last)
    {
        SequenceNumber? next = null;
        foreach (Behind behind in _groups.Values)
        {
            if (IsInPass(behind) && (next is null || behind.From < next))
                next = behind.From;
        }
        PassPosition = next > last ? ShardPosition.At(next.Value) : ShardPosition.After(last);
    }

    /// <summary>The pass is over: who is still part of it has everything again.</summary>
    public void EndPass()
    {
        foreach ((UInt128 group, Behind behind) in _groups)
        {
            if (IsInPass(behind))
                _groups.Remove(group);
        }
        PassPosition = null;
        _mayWantPass = _groups.Count > 0;
    }

    /// <summary>Adds the lowest missing number of every group.</summary>
    public void CollectUnsettled(Dictionary<UInt128, SequenceNumber> lowest)
    {
        foreach ((UInt128 group, Behind behind) in _groups)
            lowest.TryAdd(group, behind.From);
    }

    private bool IsInPass(Behind behind) => behind.RefusedInPass != _pass && behind.From >= _passFrom;

    private readonly record struct Behind(SequenceNumber From, int RefusedInPass);
}
