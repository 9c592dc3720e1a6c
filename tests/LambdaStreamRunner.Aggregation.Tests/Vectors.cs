using System.Security.Cryptography;

namespace LambdaStreamRunner.Aggregation.Tests;

/// <summary>Aggregated records that others wrote.</summary>
internal static class Vectors
{
    /// <summary>What npm's aws-kinesis-agg 4.2.8 makes of <see cref="NodesRecords"/>.</summary>
    public static readonly byte[] Node = Convert.FromHexString(
        "f3899ac20a0270310a0270320a0a7363686cc3bc7373656c12273137303134313138333436303436393233313733313638373330333731353838343130353732381a" +
        "0708001a036f6e651a09080110001a0374776f1a0408001a001a0608021a0200ffac5de1a953d9c19d2d31da70e72d5a92");

    /// <summary>Written by hand from the published schema: a table after the records that need it, fields in another order, a tag, and fields that nobody knows.</summary>
    public static readonly byte[] Shuffled = Convert.FromHexString(
        "f3899ac2120234321a0c22030a01741a0178100008000a046c61746550074a036e65773099dc0098a7f1aab962944a5b0fc96d");

    public const string MiddleOfTheHashSpace = "170141183460469231731687303715884105728";

    public static readonly (string Key, string? HashKey, byte[] Data)[] NodesRecords =
    [
        ("p1", null, "one"u8.ToArray()),
        ("p2", MiddleOfTheHashSpace, "two"u8.ToArray()),
        ("p1", null, []),
        ("schlüssel", null, [0, 255]),
    ];

    /// <summary>A message in the envelope that makes it look right.</summary>
    public static byte[] Wrap(params byte[] message)
    {
#pragma warning disable CA5351 // The format's checksum.
        return [0xF3, 0x89, 0x9A, 0xC2, .. message, .. MD5.HashData(message)];
#pragma warning restore CA5351
    }
}
