using System.Numerics;
using CsCheck;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Mappings.Ordering;

public class HashLanesTests
{
    private static readonly Gen<UInt128> Hash = Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new UInt128(high, low));

    [Fact]
    public void A_hash_goes_to_the_lane_of_the_formula_in_ranges_of_any_size() =>
        Gen.Select(Hash, Hash, Gen.Int[0, 127], Gen.Int[1, 10], Hash).Sample((start, size, shift, lanes, hash) =>
        {
            UInt128 last = UInt128.Min(size >> shift, UInt128.MaxValue - start);
            var range = new HashKeyRange(start, start + last);
            UInt128 inside = last == UInt128.MaxValue ? hash : start + (hash % (last + 1));

            Assert.Equal(Formula(range, lanes, inside), LaneOf(range, lanes, inside));
        });

    [Fact]
    public void The_hashes_beside_a_border_go_to_the_lanes_of_the_formula()
    {
        foreach (HashKeyRange range in (HashKeyRange[])[HashKeyRange.Full, .. HashKeyRange.Split(7), new(5, 8), new(0, ulong.MaxValue), new(1, UInt128.One << 64)])
        {
            for (int lanes = 1; lanes <= 10; lanes++)
            {
                UInt128 part = (range.EndingHashKey - range.StartingHashKey) / (uint)lanes;
                for (int lane = 0; lane < lanes; lane++)
                    AssertAround(range, lanes, range.StartingHashKey + (part * (uint)lane));
            }
        }
    }

    [Fact]
    public void A_hash_from_outside_the_range_goes_to_the_lane_of_its_remainder()
    {
        var range = new HashKeyRange(1000, 2000);

        Assert.Equal(9, LaneOf(range, 10, 999));
        Assert.Equal(1, LaneOf(range, 10, 2001));
    }

    private static void AssertAround(HashKeyRange range, int lanes, UInt128 border)
    {
        for (int step = -12; step <= 12; step++)
        {
            UInt128 hash = step < 0 ? border - (uint)-step : border + (uint)step;
            if (range.Contains(hash))
                Assert.Equal(Formula(range, lanes, hash), LaneOf(range, lanes, hash));
        }
    }

    private static int Formula(HashKeyRange range, int lanes, UInt128 hash)
    {
        BigInteger size = (BigInteger)range.EndingHashKey - range.StartingHashKey + 1;
        return (int)(((BigInteger)hash - range.StartingHashKey) * lanes / size);
    }

    private static int LaneOf(HashKeyRange range, int lanes, UInt128 hash)
    {
        var policy = new HashLanes(new EventSourceMapping { ParallelizationFactor = lanes }, range);
        return (int)policy.GroupOf(new StreamRecord(Some.Number(1), hash, 0, [], 0, 0, 0));
    }
}
