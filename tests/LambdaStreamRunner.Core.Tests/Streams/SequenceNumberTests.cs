using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Streams;

/// <summary>Kinesis reference 3.2: production numbers, and numbers of any size against BigInteger.</summary>
public class SequenceNumberTests
{
    private const long Created = 1_767_225_600;

    private static readonly BigInteger End = BigInteger.Pow(2, 192);

    private static readonly Gen<SequenceNumber> Any = Gen.OneOf(
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong, (h, m, l) => new SequenceNumber(h, m, l)),
        Gen.Select(Gen.ULong, Gen.ULong, (m, l) => new SequenceNumber(0, m, l)),
        Gen.ULong.Select(l => new SequenceNumber(0, 0, l)),
        Gen.Select(Gen.Long[0, (1L << 36) - 1], Gen.Int[0, int.MaxValue], Gen.ULong[0, long.MaxValue], Gen.Long[0, (1L << 36) - 1], SequenceNumber.Create));

    [Fact]
    public void A_number_from_production_says_where_it_comes_from()
    {
        SequenceNumber number = SequenceNumber.Parse("49590338271490256608559692538361571095921575989136588898");

        Assert.Equal(1_542_776_258, number.ShardCreatedSeconds);
        Assert.Equal(6, number.ShardIndex);
        Assert.Equal(1_734_642_199UL, number.Index);
        Assert.Equal(1_545_084_650, number.RecordSeconds);
        Assert.True(number.IsVersion2);
        Assert.Equal(number, SequenceNumber.Create(1_542_776_258, 6, 1_734_642_199, 1_545_084_650));
    }

    [Theory]
    [InlineData(0, 0, 0, "49670424472731169861061894383142885425265240724400504834")]
    [InlineData(1, 0, 0, "49670424472753470606260425006284421143537889085906485266")]
    [InlineData(0, long.MaxValue, 60, "49670424472742320233661159694712444358581954399147393026")]
    public void Starts_and_ends_of_shards_are_those_of_the_reference(int shard, long index, int secondsLater, string digits) =>
        Assert.Equal(digits, SequenceNumber.Create(Created, shard, (ulong)index, Created + secondsLater).ToString());

    [Fact]
    public void Digits_and_number_are_the_same_value() => Any.Sample(number =>
    {
        string digits = ToBigInteger(number).ToString(CultureInfo.InvariantCulture);
        return number.ToString() == digits && SequenceNumber.Parse(digits) == number
            && SequenceNumber.TryParse(Encoding.ASCII.GetBytes(digits), out SequenceNumber parsed) && parsed == number;
    });

    [Fact]
    public void Numbers_compare_as_numbers() => Gen.Select(Any, Any).Sample((left, right) =>
        Math.Sign(left.CompareTo(right)) == ToBigInteger(left).CompareTo(ToBigInteger(right)).CompareTo(0) && (left == right) == (ToBigInteger(left) == ToBigInteger(right)));

    [Fact]
    public void The_next_number_is_the_place_of_the_next_user_record() => Any.Sample(number =>
        number.Next() > number && number.Next().HasSameDigits(number) && number.Next().SubSequenceNumber == 1);

    [Fact]
    public void After_the_last_user_record_comes_the_next_record() => Any.Sample(number =>
        ToBigInteger(number.WithSubSequenceNumber(SequenceNumber.LastSubSequenceNumber).Next()) == (ToBigInteger(number) + 1) % End);

    [Fact]
    public void User_records_of_one_record_are_ordered_by_their_place_and_written_the_same() =>
        Gen.Select(Any, Gen.UInt, Gen.UInt).Sample((number, a, b) =>
        {
            (SequenceNumber first, SequenceNumber second) = (number.WithSubSequenceNumber(a), number.WithSubSequenceNumber(b));
            return first.ToString() == second.ToString() && Math.Sign(first.CompareTo(second)) == Math.Sign(a.CompareTo(b)) && (first == second) == (a == b);
        });

    [Fact]
    public void Bytes_keep_a_number() => Any.Sample(number =>
    {
        Span<byte> bytes = stackalloc byte[SequenceNumber.ByteLength];
        number.WriteBytes(bytes);
        return SequenceNumber.ReadBytes(bytes) == number;
    });

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1 ")]
    [InlineData("1.0")]
    [InlineData("0x1")]
    [InlineData("6277101735386680763835789423207666416102355444464034512896")]    // 2^192
    [InlineData("10000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_number_of_192_bits_is_refused(string text) => Assert.False(SequenceNumber.TryParse(text, out _));

    private static BigInteger ToBigInteger(SequenceNumber number)
    {
        Span<byte> bytes = stackalloc byte[SequenceNumber.ByteLength];
        number.WriteBytes(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }
}
