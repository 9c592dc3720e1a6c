using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>Cuts the shard's hash range into one part per lane, by the hash of the partition key (open question Q1).</summary>
/// <remarks>
/// lane = ⌊(hash − start) × lanes ÷ size⌋. A key that an explicit hash key brought here from outside the range goes to
/// lane hash mod lanes: the explicit key is not part of a record that is read back.
/// </remarks>
internal sealed class HashLanes : LaneQueues
{
    private readonly UInt128 _start;
    private readonly UInt128 _last;
    private readonly UInt128[] _laneStarts;                   // counted from the start of the range
    private readonly ulong[] _highs;                          // high halves: of each lane's first hash, and of the shard's last one
    private readonly ulong _lanesPerRange;

    public HashLanes(EventSourceMapping mapping, HashKeyRange range)
        : base(mapping)
    {
        _start = range.StartingHashKey;
        _last = range.EndingHashKey - range.StartingHashKey;
        _laneStarts = LaneStarts(_last, mapping.ParallelizationFactor);
        _highs = [.. _laneStarts.Select(start => High(_start + start)), High(range.EndingHashKey)];
        _lanesPerRange = (ulong)UInt128.Min(((UInt128)(uint)_laneStarts.Length << 64) / ((_last >> 64) + 1), ulong.MaxValue);
    }

    // A product of the high halves is right but at the edges, where exact comparisons decide; a search would miss a branch per record.
    protected override int LaneOf(in StreamRecord record)
    {
        ulong high = High(record.KeyHash);
        ulong guess = Math.BigMul(high - _highs[0], _lanesPerRange, out _);
        ulong[] highs = _highs;
        return guess + 1 < (ulong)highs.Length && high > highs[guess] && high < highs[guess + 1] ? (int)guess : ExactLaneOf(record.KeyHash);
    }

    private int ExactLaneOf(UInt128 hash)
    {
        UInt128 offset = hash - _start;                       // wraps around below the range, and so lies beyond its end
        if (offset > _last)
            return (int)(hash % (uint)_laneStarts.Length);

        int lane = _laneStarts.Length - 1;
        while (offset < _laneStarts[lane])
            lane--;
        return lane;
    }

    private static ulong High(UInt128 hash) => (ulong)(hash >> 64);

    // Lane i begins at ⌈i × size ÷ lanes⌉. The size may be 2^128, one more than a UInt128 holds: count from size − 1.
    private static UInt128[] LaneStarts(UInt128 last, int lanes)
    {
        UInt128 quotient = last / (uint)lanes;
        int remainder = (int)(last % (uint)lanes) + 1;
        if (remainder == lanes)
            (quotient, remainder) = (quotient + 1, 0);

        var starts = new UInt128[lanes];
        for (int lane = 0; lane < lanes; lane++)
            starts[lane] = (quotient * (uint)lane) + (uint)(((lane * remainder) + lanes - 1) / lanes);
        return starts;
    }
}
