using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Streams;

public class KeyDigestTests
{
    [Fact]
    public void Keys_of_every_length_hash_as_the_library_hashes_them()
    {
        var random = new Random(1);
        for (int length = 0; length <= 256; length++)
        {
            byte[] key = new byte[length];
            random.NextBytes(key);
            Assert.Equal(Library(key), HashKeyRange.HashOf(key));
        }
    }

    [Fact]
    public void The_test_suite_of_RFC_1321_holds()
    {
        Assert.Equal(UInt128.Parse("0cc175b9c0f1b6a831c399e269772661", System.Globalization.NumberStyles.HexNumber), KeyDigest.HashOf("a"u8));
        Assert.Equal(
            UInt128.Parse("c3fcd3d76192e4007dfb496cca67e13b", System.Globalization.NumberStyles.HexNumber),
            KeyDigest.HashOf(Encoding.UTF8.GetBytes("abcdefghijklmnopqrstuvwxyz")));
    }

#pragma warning disable CA5351 // MD5 is what Kinesis routes by.
    private static UInt128 Library(byte[] key) => BinaryPrimitives.ReadUInt128BigEndian(MD5.HashData(key));
#pragma warning restore CA5351
}
