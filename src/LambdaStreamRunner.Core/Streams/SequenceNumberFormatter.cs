namespace LambdaStreamRunner.Core.Streams;

/// <summary>Writes many sequence numbers of a few shards in decimal, each by what it differs from the one before.</summary>
/// <remarks>
/// Numbers of one shard and second differ only in their running index, so the digits of the last one plus a multiple of
/// 2^80 are the digits of the next: three multiplications instead of dividing 192 bits. Whatever else comes is divided.
/// One writer at a time; keep it for as long as numbers are written one after the other.
/// </remarks>
public sealed class SequenceNumberFormatter
{
    private const int Shards = 8;                             // remembered at a time, by the low bits of their index

    private readonly LastNumber?[] _last = new LastNumber?[Shards];

    /// <summary>Writes the decimal digits, as <see cref="SequenceNumber.Format"/> does; returns how many.</summary>
    /// <param name="number">The number.</param>
    /// <param name="utf8">At least <see cref="SequenceNumber.DigitsMax"/> bytes.</param>
    public int Format(SequenceNumber number, Span<byte> utf8)
    {
        LastNumber last = _last[number.ShardIndex & (Shards - 1)] ??= new LastNumber();
        if (!last.TryMoveTo(number))
        {
            int length = number.Format(utf8);
            if (length == SequenceNumber.Digits)
                last.Remember(number, utf8);
            return length;
        }
        last.Digits.CopyTo(utf8);
        return SequenceNumber.Digits;
    }

    /// <summary>The number that was written last for a shard: its digits, and the same in groups of nine.</summary>
    private sealed class LastNumber
    {
        private const int Groups = 7;
        private const int DigitsPerGroup = 9;
        private const ulong TenToThe9 = 1_000_000_000;

        private readonly byte[] _digits = new byte[Groups * DigitsPerGroup];
        private readonly uint[] _groups = new uint[Groups];   // most significant first
        private SequenceNumber _number;

        public ReadOnlySpan<byte> Digits => _digits.AsSpan(_digits.Length - SequenceNumber.Digits);

        public void Remember(SequenceNumber number, ReadOnlySpan<byte> digits)
        {
            _number = number;
            _digits.AsSpan().Fill((byte)'0');
            digits[..SequenceNumber.Digits].CopyTo(_digits.AsSpan(_digits.Length - SequenceNumber.Digits));
            for (int group = 0; group < Groups; group++)
            {
                uint value = 0;
                foreach (byte digit in _digits.AsSpan(group * DigitsPerGroup, DigitsPerGroup))
                    value = (value * 10) + (uint)(digit - '0');
                _groups[group] = value;
            }
        }

        /// <summary>False when the number is not the last one with a somewhat higher index.</summary>
        public bool TryMoveTo(SequenceNumber number)
        {
            if (!number.TryGetIndexesAbove(_number, out uint indexes))
                return false;

            // An index is worth 2^80: 1208925 819614629 174706176.
            ulong carry = AddTo(6, indexes * 174_706_176UL);
            carry = AddTo(5, (indexes * 819_614_629UL) + carry);
            carry = AddTo(4, (indexes * 1_208_925UL) + carry);
            for (int group = 3; carry > 0; group--)
                carry = AddTo(group, carry);
            _number = number;
            return true;
        }

        private ulong AddTo(int group, ulong value)
        {
            (ulong carry, ulong rest) = Math.DivRem(_groups[group] + value, TenToThe9);
            _groups[group] = (uint)rest;
            SequenceNumber.WriteGroup(_digits.AsSpan(group * DigitsPerGroup, DigitsPerGroup), (uint)rest);
            return carry;
        }
    }
}
