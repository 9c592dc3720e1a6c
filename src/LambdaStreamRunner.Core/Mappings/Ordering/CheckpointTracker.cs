using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>How far everything is settled, and when that is worth saving.</summary>
/// <remarks>
/// The checkpoint stands at the lowest unsettled record of all lanes, waiting records, records that are to be read again,
/// and discarded batches whose destination has not answered. One save is under way at a time; what happens meanwhile goes
/// into the next.
/// </remarks>
internal sealed class CheckpointTracker(
    Lane[] lanes, PartitionKeySequencer sequencer, ReadAhead readAhead, UndeliveredDiscards undelivered, EventSourceMapping mapping, TumblingWindows? windows)
{
    /// <summary>Unsettled groups up to which a checkpoint carries marks; beyond, a restart repeats more.</summary>
    private const int MarkedGroupsMax = 100;

    private readonly ShardPosition _start = readAhead.MainPosition;
    private bool _isDirty;
    private bool _isSaving;
    private bool _endIsBeingSaved;
    private bool _endIsSaved;

    /// <summary>True when nothing is left to save.</summary>
    public bool IsSaved => !_isDirty && !_isSaving;

    /// <summary>True when the end of the shard is on record.</summary>
    public bool EndIsSaved => _endIsSaved && IsSaved;

    /// <summary>Records were settled.</summary>
    public void Settled() => _isDirty = true;

    /// <summary>The checkpoint to save now, or null when there is nothing new or a save is under way.</summary>
    /// <param name="shardEnded">The shard is closed and everything in it is settled.</param>
    public ShardCheckpoint? BeginSave(bool shardEnded)
    {
        bool endIsNew = shardEnded && !_endIsSaved;
        if (_isSaving || !(_isDirty || endIsNew))
            return null;
        _isSaving = true;
        _isDirty = false;
        _endIsBeingSaved = shardEnded;
        return new ShardCheckpoint(Position, CollectMarks(), shardEnded) { Window = windows?.Kept };
    }

    /// <summary>The save is done.</summary>
    public void Saved()
    {
        _isSaving = false;
        _endIsSaved |= _endIsBeingSaved;
    }

    /// <summary>The lowest number that was read and is not settled; null when all are.</summary>
    public SequenceNumber? LowestUnsettled
    {
        get
        {
            SequenceNumber? lowest = Lower(sequencer.LowestWaiting, readAhead.LowestBehind);
            foreach (Lane lane in lanes)
            {
                lowest = Lower(lowest, lane.FirstUnsettled?.SequenceNumber);
            }
            return Lower(lowest, undelivered.Lowest);
        }
    }

    private ShardPosition Position
    {
        get
        {
            if (LowestUnsettled is { } lowest)
                return ShardPosition.At(lowest);
            return readAhead.LastRead is { } last ? ShardPosition.After(last) : _start;
        }
    }

    // Worth their cost only where lanes can be apart, and cheap only while few groups are unsettled.
    private LaneMarks? CollectMarks()
    {
        if (lanes.Length == 1 || readAhead.LastRead is not { } last || readAhead.HeldRecords is 0 or > MarkedGroupsMax)
            return null;
        var lowest = new Dictionary<UInt128, SequenceNumber>();
        undelivered.CollectUnsettled(sequencer, lowest);
        foreach (Lane lane in lanes)
            lane.CollectUnsettled(sequencer, lowest);
        sequencer.CollectWaiting(lowest);
        readAhead.CollectBehind(lowest);
        if (lowest.Count > MarkedGroupsMax)
            return null;
        return new LaneMarks(mapping.LanePolicy, lanes.Length, last, [.. lowest.Select(mark => new LaneMark(mark.Key, mark.Value))]);
    }

    private static SequenceNumber? Lower(SequenceNumber? a, SequenceNumber? b) => a is null || b < a ? b ?? a : a;
}
