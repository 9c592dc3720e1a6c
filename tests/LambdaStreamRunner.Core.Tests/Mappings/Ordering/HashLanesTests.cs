using System.Globalization;
using System.Numerics;
using CsCheck;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Mappings.Ordering;

public class HashLanesTests
{
    private static readonly Gen<UInt128> AnyHash = Gen.OneOf(
        Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new UInt128(high, low)),
        Gen.UInt[0, 40].Select(low => (UInt128)low),
        Gen.UInt[0, 40].Select(low => UInt128.MaxValue - low));

    [Fact]
    public void Lanes_divide_the_range_of_the_shard_as_the_formula_says() =>
        Gen.Select(AnyHash, AnyHash, AnyHash, Gen.Int[1, 10]).Sample(
            (a, b, hash, lanes) =>
            {
                var range = new HashKeyRange(UInt128.Min(a, b), UInt128.Max(a, b));
                Assert.Equal(LaneByFormula(range, hash, lanes), LaneOf(range, hash, lanes));
                Assert.Equal(LaneByFormula(range, range.StartingHashKey, lanes), LaneOf(range, range.StartingHashKey, lanes));
                Assert.Equal(LaneByFormula(range, range.EndingHashKey, lanes), LaneOf(range, range.EndingHashKey, lanes));
            },
            iter: 10_000);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(10)]
    public void The_first_and_the_last_hash_of_every_lane_of_a_full_range(int lanes)
    {
        BigInteger size = BigInteger.One << 128;
        for (int lane = 0; lane < lanes; lane++)
        {
            BigInteger first = ((lane * size) + lanes - 1) / lanes;
            BigInteger last = ((((lane + 1) * size) + lanes - 1) / lanes) - 1;
            Assert.Equal(lane, LaneOf(HashKeyRange.Full, Hash(first), lanes));
            Assert.Equal(lane, LaneOf(HashKeyRange.Full, Hash(last), lanes));
        }
    }

    [Fact]
    public void A_hundred_keys_are_spread_over_ten_lanes()
    {
        int[] keys = new int[10];
        for (int i = 0; i < 100; i++)
            keys[LaneOf(HashKeyRange.Full, Some.Record(1, $"key-{i}").KeyHash, 10)]++;

        Assert.Equal([10, 6, 11, 8, 13, 6, 14, 13, 7, 12], keys);
    }

    private static int LaneOf(HashKeyRange range, UInt128 hash, int lanes)
    {
        var record = new StreamRecord(Some.Number(1), hash, 0, [], 0, 0, 0);
        return (int)new HashLanes(new EventSourceMapping { ParallelizationFactor = lanes }, range).GroupOf(in record);
    }

    private static int LaneByFormula(HashKeyRange range, UInt128 hash, int lanes)
    {
        (BigInteger start, BigInteger end, BigInteger h) = (range.StartingHashKey, range.EndingHashKey, hash);
        return (int)(h < start || h > end ? h % lanes : (h - start) * lanes / (end - start + 1));
    }

    private static UInt128 Hash(BigInteger number) => UInt128.Parse(number.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
