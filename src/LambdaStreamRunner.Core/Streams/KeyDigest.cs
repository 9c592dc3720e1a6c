using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace LambdaStreamRunner.Core.Streams;

/// <summary>MD5 (RFC 1321) of texts that fit one block, as nearly all partition keys do.</summary>
/// <remarks>The library's MD5 sets up a native context for each call, which costs several times the hashing of a short key.</remarks>
internal static class KeyDigest
{
    /// <summary>Most bytes that leave room for the padding bit and the length.</summary>
    public const int LengthMax = 55;

    private const int BlockLength = 64;

    // The integer part of 2^32 × |sin(i + 1)|.
    private static readonly uint[] Sines = [.. Enumerable.Range(1, 64).Select(i => (uint)(4294967296.0 * Math.Abs(Math.Sin(i))))];

    /// <summary>The digest as a big-endian number.</summary>
    /// <param name="utf8">At most <see cref="LengthMax"/> bytes.</param>
    public static UInt128 HashOf(ReadOnlySpan<byte> utf8)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        block.Clear();
        utf8.CopyTo(block);
        block[utf8.Length] = 0x80;
        BinaryPrimitives.WriteUInt64LittleEndian(block[(BlockLength - sizeof(ulong))..], (ulong)utf8.Length * 8);

        Span<uint> words = MemoryMarshal.Cast<byte, uint>(block);
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(words, words);
        return Digest(words);
    }

    private static UInt128 Digest(ReadOnlySpan<uint> words)
    {
        const uint a0 = 0x67452301, b0 = 0xEFCDAB89, c0 = 0x98BADCFE, d0 = 0x10325476;
        (uint a, uint b, uint c, uint d) = (a0, b0, c0, d0);
        ReadOnlySpan<uint> sines = Sines.AsSpan(0, 64);
        for (int i = 0; i < 16; i += 4)
        {
            a = Step(a, b, (b & c) | (~b & d), words[i] + sines[i], 7);
            d = Step(d, a, (a & b) | (~a & c), words[i + 1] + sines[i + 1], 12);
            c = Step(c, d, (d & a) | (~d & b), words[i + 2] + sines[i + 2], 17);
            b = Step(b, c, (c & d) | (~c & a), words[i + 3] + sines[i + 3], 22);
        }
        for (int i = 16; i < 32; i += 4)
        {
            a = Step(a, b, (b & d) | (c & ~d), words[((5 * i) + 1) & 15] + sines[i], 5);
            d = Step(d, a, (a & c) | (b & ~c), words[((5 * i) + 6) & 15] + sines[i + 1], 9);
            c = Step(c, d, (d & b) | (a & ~b), words[((5 * i) + 11) & 15] + sines[i + 2], 14);
            b = Step(b, c, (c & a) | (d & ~a), words[5 * i & 15] + sines[i + 3], 20);
        }
        for (int i = 32; i < 48; i += 4)
        {
            a = Step(a, b, b ^ c ^ d, words[((3 * i) + 5) & 15] + sines[i], 4);
            d = Step(d, a, a ^ b ^ c, words[((3 * i) + 8) & 15] + sines[i + 1], 11);
            c = Step(c, d, d ^ a ^ b, words[((3 * i) + 11) & 15] + sines[i + 2], 16);
            b = Step(b, c, c ^ d ^ a, words[((3 * i) + 14) & 15] + sines[i + 3], 23);
        }
        for (int i = 48; i < 64; i += 4)
        {
            a = Step(a, b, c ^ (b | ~d), words[7 * i & 15] + sines[i], 6);
            d = Step(d, a, b ^ (a | ~c), words[((7 * i) + 7) & 15] + sines[i + 1], 10);
            c = Step(c, d, a ^ (d | ~b), words[((7 * i) + 14) & 15] + sines[i + 2], 15);
            b = Step(b, c, d ^ (c | ~a), words[((7 * i) + 21) & 15] + sines[i + 3], 21);
        }
        return new UInt128(BigEndian(a + a0, b + b0), BigEndian(c + c0, d + d0));
    }

    private static uint Step(uint value, uint added, uint mixed, uint word, int rotation) =>
        added + BitOperations.RotateLeft(value + mixed + word, rotation);

    // The digest's bytes are its words in little-endian order.
    private static ulong BigEndian(uint first, uint second) =>
        ((ulong)BinaryPrimitives.ReverseEndianness(first) << 32) | BinaryPrimitives.ReverseEndianness(second);
}
