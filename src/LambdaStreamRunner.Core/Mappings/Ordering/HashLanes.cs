using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>Cuts the shard's hash range into one part per lane, by the hash of the partition key (open question Q1).</summary>
/// <remarks>
/// lane = ⌊(hash − start) × lanes ÷ size⌋. A key that an explicit hash key brought here from outside the range goes to
/// lane hash mod lanes: the explicit key is not part of a record that is read back.
/// </remarks>
internal sealed class HashLanes : LaneQueues
{
    private readonly HashKeyRange _range;
    private readonly UInt128[] _offsets;
    private readonly double _lanesPerHighPart;

    public HashLanes(EventSourceMapping mapping, HashKeyRange range)
        : base(mapping)
    {
        _range = range;
        _offsets = LaneOffsets(range, mapping.ParallelizationFactor);
        _lanesPerHighPart = _offsets.Length / (HighPart(range.EndingHashKey - range.StartingHashKey) + 1.0);
    }

    protected override int LaneOf(in StreamRecord record)
    {
        UInt128 hash = record.KeyHash;
        if (!_range.Contains(hash))
            return (int)(hash % (uint)_offsets.Length);

        // A guess that is never off by more than rounding, put right by exact comparisons: a search would be a branch per lane.
        UInt128 offset = hash - _range.StartingHashKey;
        int lane = Math.Min((int)(HighPart(offset) * _lanesPerHighPart), _offsets.Length - 1);
        while (offset < _offsets[lane])
            lane--;
        while (lane + 1 < _offsets.Length && offset >= _offsets[lane + 1])
            lane++;
        return lane;
    }

    private static long HighPart(UInt128 offset) => (long)(ulong)(offset >> 65);

    // Lane i begins ⌈i × size ÷ lanes⌉ after the start. The size may be 2^128, one more than a UInt128 holds: count from size − 1.
    private static UInt128[] LaneOffsets(HashKeyRange range, int lanes)
    {
        UInt128 last = range.EndingHashKey - range.StartingHashKey;
        UInt128 quotient = last / (uint)lanes;
        int remainder = (int)(last % (uint)lanes) + 1;
        if (remainder == lanes)
            (quotient, remainder) = (quotient + 1, 0);

        var offsets = new UInt128[lanes];
        for (int lane = 0; lane < lanes; lane++)
            offsets[lane] = (quotient * (uint)lane) + (uint)(((lane * remainder) + lanes - 1) / lanes);
        return offsets;
    }
}
