using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Streams;

/// <summary>Kinesis reference 3.1.</summary>
public class HashKeyRangeTests
{
    [Theory]
    [InlineData("a", "16955237001963240173058271559858726497")]
    [InlineData("test", "12707736894140473154801792860916528374")]
    [InlineData("partitionKey", "193318062818912349798954611745638949166")]
    [InlineData("key-1", "44775357070821016797045618461742138278")]
    [InlineData("é", "136732923097551493579404309126273812335")]
    public void A_partition_key_hashes_as_in_kinesis(string key, string hash) =>
        Assert.Equal(UInt128.Parse(hash, CultureInfo.InvariantCulture), HashKeyRange.HashOf(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public void The_hash_is_md5_whatever_the_length() => Gen.Byte.Array[0, 130].Sample(key =>
#pragma warning disable CA5351 // MD5 is what Kinesis routes by.
        HashKeyRange.HashOf(key) == BinaryPrimitives.ReadUInt128BigEndian(MD5.HashData(key)));
#pragma warning restore CA5351

    [Theory]
    [InlineData(1, "0")]
    [InlineData(2, "0 170141183460469231731687303715884105728")]
    [InlineData(3, "0 113427455640312821154458202477256070485 226854911280625642308916404954512140970")]
    [InlineData(4, "0 85070591730234615865843651857942052864 170141183460469231731687303715884105728 255211775190703847597530955573826158592")]
    public void The_hash_space_is_divided_as_in_kinesis(int count, string starts) =>
        Assert.Equal(starts, string.Join(' ', HashKeyRange.Split(count).Select(range => range.StartingHashKey)));

    [Fact]
    public void Ranges_cover_the_hash_space_without_overlap() => Gen.Int[1, 20_000].Sample(
        count =>
        {
            HashKeyRange[] ranges = HashKeyRange.Split(count);
            for (int i = 1; i < count; i++)
            {
                if (ranges[i].StartingHashKey != ranges[i - 1].EndingHashKey + 1)
                    return false;
            }
            return ranges[0].StartingHashKey == 0 && ranges[^1].EndingHashKey == UInt128.MaxValue;
        },
        iter: 20);
}
