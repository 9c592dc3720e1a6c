using System.Buffers.Binary;
using System.Globalization;

namespace LambdaStreamRunner.Core.Streams;

/// <summary>Ordered position of a record in its shard; compares as a number, not as text.</summary>
/// <remarks>
/// Kinesis writes 47 hexadecimal digits as a decimal number of always 56 digits: a constant 2, the shard's creation
/// second (9), the low digit of the shard index (1), a running index (16), 00, the record's second (9), the shard index
/// (8), version 2. Numbers of other lengths can arrive from clients; up to 192 bits they are kept as they are.
/// User records that were taken out of one aggregated record share its number: what tells them apart, and orders them, is
/// a <see cref="SubSequenceNumber"/> that is never written.
/// </remarks>
public readonly struct SequenceNumber : IComparable<SequenceNumber>, IEquatable<SequenceNumber>
{
    /// <summary>Decimal digits of every number that a stream assigns.</summary>
    public const int Digits = 56;

    /// <summary>Decimal digits of the largest number this type holds.</summary>
    public const int DigitsMax = 58;

    private const ulong TenToThe9 = 1_000_000_000;
    private const int DigitsPerGroup = 9;

    private readonly ulong _high;
    private readonly ulong _middle;
    private readonly ulong _low;
    private readonly uint _sub;

    /// <summary>A number from its 192 bits, most significant first.</summary>
    public SequenceNumber(ulong high, ulong middle, ulong low) => (_high, _middle, _low) = (high, middle, low);

    private SequenceNumber(SequenceNumber number, uint sub) => (_high, _middle, _low, _sub) = (number._high, number._middle, number._low, sub);

    /// <summary>The <see cref="SubSequenceNumber"/> of the last user record of an aggregated record.</summary>
    public const uint LastSubSequenceNumber = uint.MaxValue;

    /// <summary>Place among the user records of one aggregated record: 1, 2, 3..., <see cref="LastSubSequenceNumber"/> for the last one; 0 for any other record.</summary>
    public uint SubSequenceNumber => _sub;

    /// <summary>The number of a record in the format of production Kinesis ("version 2").</summary>
    /// <param name="shardCreatedSeconds">Epoch second in which the shard was created.</param>
    /// <param name="shardIndex">The number in the shard's id.</param>
    /// <param name="index">Running index; grows with every record of the shard.</param>
    /// <param name="recordSeconds">Epoch second of the record.</param>
    public static SequenceNumber Create(long shardCreatedSeconds, int shardIndex, ulong index, long recordSeconds)
    {
        // 47 hex digits are 188 bits. From the right: version 4, shard index 32, second 36, zero 8, index 64, nibble 4, created 36, constant 4.
        UInt128 tail = 2 | ((UInt128)(uint)shardIndex << 4) | ((UInt128)((ulong)recordSeconds & 0xF_FFFF_FFFF) << 36) | ((UInt128)index << 80);
        ulong top = (index >> 48) | ((ulong)(shardIndex & 0xF) << 16) | (((ulong)shardCreatedSeconds & 0xF_FFFF_FFFF) << 20) | (2UL << 56);
        return new SequenceNumber(top, (ulong)(tail >> 64), (ulong)tail);
    }

    /// <summary>Epoch second in which the shard was created.</summary>
    public long ShardCreatedSeconds => (long)((_high >> 20) & 0xF_FFFF_FFFF);

    /// <summary>The number in the shard's id.</summary>
    public int ShardIndex => (int)(uint)(_low >> 4);

    /// <summary>Running index within the shard's group.</summary>
    public ulong Index => (_high << 48) | (_middle >> 16);

    /// <summary>Epoch second of the record.</summary>
    public long RecordSeconds => (long)(((_middle & 0xFF) << 28) | (_low >> 36));

    /// <summary>True when the constant parts are those of a number that a stream assigns.</summary>
    public bool IsVersion2 => _high >> 56 == 2 && (_low & 0xF) == 2 && ((_middle >> 8) & 0xFF) == 0 && (int)((_high >> 16) & 0xF) == (ShardIndex & 0xF);

    /// <summary>The number of a user record of the aggregated record that has this number.</summary>
    public SequenceNumber WithSubSequenceNumber(uint place) => new(this, place);

    /// <summary>True when both are written with the same digits.</summary>
    public bool HasSameDigits(SequenceNumber other) => _low == other._low && _middle == other._middle && _high == other._high;

    /// <summary>The smallest number above this one.</summary>
    public SequenceNumber Next()
    {
        if (_sub < LastSubSequenceNumber)
            return new SequenceNumber(this, _sub + 1);
        ulong low = _low + 1;
        ulong middle = _middle + (low == 0 ? 1UL : 0);
        return new SequenceNumber(_high + (low == 0 && middle == 0 ? 1UL : 0), middle, low);
    }

    /// <summary>Bytes of <see cref="WriteBytes"/>.</summary>
    public const int ByteLength = 24;

    /// <summary>Writes the 192 bits, most significant first, without the <see cref="SubSequenceNumber"/>.</summary>
    public void WriteBytes(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _middle);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _low);
    }

    /// <summary>Reads what <see cref="WriteBytes"/> wrote.</summary>
    public static SequenceNumber ReadBytes(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt64BigEndian(source),
        BinaryPrimitives.ReadUInt64BigEndian(source[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(source[16..]));

    /// <inheritdoc/>
    public int CompareTo(SequenceNumber other)
    {
        if (_high != other._high)
            return _high < other._high ? -1 : 1;
        if (_middle != other._middle)
            return _middle < other._middle ? -1 : 1;
        return _low != other._low ? _low.CompareTo(other._low) : _sub.CompareTo(other._sub);
    }

    /// <summary>Reads decimal digits; false for anything else and for numbers of more than 192 bits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SequenceNumber number)
    {
        Span<byte> utf8 = stackalloc byte[DigitsMax];
        number = default;
        if (text.Length is 0 or > DigitsMax)
            return false;
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiDigit(text[i]))
                return false;
            utf8[i] = (byte)text[i];
        }
        return TryParse(utf8[..text.Length], out number);
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out SequenceNumber)"/>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out SequenceNumber number)
    {
        number = default;
        if (utf8.Length is 0 or > DigitsMax)
            return false;

        UInt128 low = 0;                                      // the low 128 bits
        ulong high = 0;
        while (!utf8.IsEmpty)
        {
            int take = Math.Min(19, utf8.Length);
            if (!ulong.TryParse(utf8[..take], NumberStyles.None, CultureInfo.InvariantCulture, out ulong part))
                return false;

            ulong scale = PowerOfTen(take);
            UInt128 lowest = Math.BigMul((ulong)low, scale) + (UInt128)part;
            UInt128 next = Math.BigMul((ulong)(low >> 64), scale) + (lowest >> 64);
            UInt128 highest = Math.BigMul(high, scale) + (next >> 64);
            if (highest >> 64 != 0)
                return false;
            high = (ulong)highest;
            low = (next << 64) | (ulong)lowest;
            utf8 = utf8[take..];
        }
        number = new SequenceNumber(high, (ulong)(low >> 64), (ulong)low);
        return true;
    }

    /// <summary>Reads decimal digits.</summary>
    /// <exception cref="FormatException">The text is not a number of at most 192 bits.</exception>
    public static SequenceNumber Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out SequenceNumber number) ? number : throw new FormatException($"'{text}' is not a sequence number.");

    /// <summary>Writes the decimal digits; returns how many.</summary>
    /// <param name="utf8">At least <see cref="DigitsMax"/> bytes, or <see cref="Digits"/> for numbers that a stream assigned.</param>
    public int Format(Span<byte> utf8)
    {
        // Long division by 10^9, a 32-bit limb at a time: seven times nine digits hold 192 bits, and the divisor is a constant.
        Span<uint> limbs = [(uint)(_high >> 32), (uint)_high, (uint)(_middle >> 32), (uint)_middle, (uint)(_low >> 32), (uint)_low];
        Span<byte> digits = stackalloc byte[7 * DigitsPerGroup];
        int first = 0;
        for (int group = 6; group >= 0; group--)
        {
            ulong remainder = 0;
            for (int i = first; i < limbs.Length; i++)
            {
                ulong dividend = (remainder << 32) | limbs[i];
                ulong quotient = dividend / TenToThe9;
                remainder = dividend - (quotient * TenToThe9);
                limbs[i] = (uint)quotient;
            }
            while (first < limbs.Length && limbs[first] == 0)
                first++;
            WriteGroup(digits.Slice(group * DigitsPerGroup, DigitsPerGroup), (uint)remainder);
        }

        int zeros = digits.IndexOfAnyExcept((byte)'0');
        ReadOnlySpan<byte> significant = zeros < 0 ? digits[^1..] : digits[zeros..];
        significant.CopyTo(utf8);
        return significant.Length;
    }

    /// <summary>The decimal digits.</summary>
    public override string ToString()
    {
        Span<byte> utf8 = stackalloc byte[DigitsMax];
        return System.Text.Encoding.ASCII.GetString(utf8[..Format(utf8)]);
    }

    /// <inheritdoc/>
    public bool Equals(SequenceNumber other) => HasSameDigits(other) && _sub == other._sub;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SequenceNumber other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_high, _middle, _low, _sub);

    /// <summary>Equal as numbers.</summary>
    public static bool operator ==(SequenceNumber left, SequenceNumber right) => left.Equals(right);

    /// <summary>Different as numbers.</summary>
    public static bool operator !=(SequenceNumber left, SequenceNumber right) => !left.Equals(right);

    /// <summary>Lower as a number.</summary>
    public static bool operator <(SequenceNumber left, SequenceNumber right) => left.CompareTo(right) < 0;

    /// <summary>Lower or equal as a number.</summary>
    public static bool operator <=(SequenceNumber left, SequenceNumber right) => left.CompareTo(right) <= 0;

    /// <summary>Higher as a number.</summary>
    public static bool operator >(SequenceNumber left, SequenceNumber right) => left.CompareTo(right) > 0;

    /// <summary>Higher or equal as a number.</summary>
    public static bool operator >=(SequenceNumber left, SequenceNumber right) => left.CompareTo(right) >= 0;

    /// <summary>How much higher this number's running index is than another's; false when they differ in anything else, or by too much.</summary>
    internal bool TryGetIndexesAbove(SequenceNumber other, out uint indexes)
    {
        ulong difference = Index - other.Index;
        indexes = (uint)difference;
        return difference is > 0 and <= uint.MaxValue
            && _low == other._low && (ushort)_middle == (ushort)other._middle && _high >> 16 == other._high >> 16;
    }

    /// <summary>Writes a number below 10^9 with all of its nine digits.</summary>
    internal static void WriteGroup(Span<byte> digits, uint value)
    {
        for (int pair = DigitsPerGroup - 2; pair > 0; pair -= 2)
        {
            uint rest = value / 100;
            int at = (int)(value - (rest * 100)) * 2;
            digits[pair] = DigitPairs[at];
            digits[pair + 1] = DigitPairs[at + 1];
            value = rest;
        }
        digits[0] = (byte)('0' + value);
    }

    private static ReadOnlySpan<byte> DigitPairs =>
        "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"u8
        + "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"u8;

    private static ulong PowerOfTen(int exponent)
    {
        ulong power = 1;
        for (int i = 0; i < exponent; i++)
            power *= 10;
        return power;
    }
}
