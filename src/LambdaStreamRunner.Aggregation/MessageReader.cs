namespace LambdaStreamRunner.Aggregation;

/// <summary>Reads the fields of one protocol buffers message, and takes nothing on trust: false means that the message is broken.</summary>
internal struct MessageReader(ReadOnlyMemory<byte> message)
{
    /// <summary>Groups (an ancient way to nest) within groups; protocol buffers' own readers stop there as well.</summary>
    public const int GroupDepthMax = 100;

    private const int VarintBytesMax = 10;

    private int _position;

    public readonly bool IsAtEnd => _position == message.Length;

    /// <summary>Reads a tag: 32 bits with a field number above 0.</summary>
    public bool TryReadTag(out uint tag)
    {
        bool isRead = TryReadVarint(out ulong value) && value is >= 1 << 3 and <= uint.MaxValue;
        tag = isRead ? (uint)value : 0;
        return isRead;
    }

    public bool TryReadVarint(out ulong value)
    {
        value = 0;
        ReadOnlySpan<byte> rest = message.Span[_position..];
        for (int i = 0; i < rest.Length && i < VarintBytesMax; i++)
        {
            value |= (ulong)(rest[i] & 0x7F) << (7 * i);      // as everywhere, bits past the 64th are dropped
            if (rest[i] < 0x80)
            {
                _position += i + 1;
                return true;
            }
        }
        return false;
    }

    /// <summary>Reads a length and so many bytes.</summary>
    public bool TryReadBytes(out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (!TryReadVarint(out ulong length) || length > (ulong)(message.Length - _position))
            return false;
        bytes = message.Slice(_position, (int)length);
        _position += (int)length;
        return true;
    }

    /// <summary>Passes over the value of a field that nobody asked for.</summary>
    public bool TrySkip(uint tag)
    {
        if (WireTypeOf(tag) != WireType.GroupStart)
            return TrySkipValue(tag);
        var open = new Stack<uint>([tag]);
        while (open.Count > 0)
        {
            if (open.Count > GroupDepthMax || !TryReadTag(out uint inner))
                return false;
            if (WireTypeOf(inner) == WireType.GroupStart)
                open.Push(inner);
            else if (WireTypeOf(inner) == WireType.GroupEnd ? open.Pop() >> 3 != inner >> 3 : !TrySkipValue(inner))
                return false;
        }
        return true;
    }

    private bool TrySkipValue(uint tag) => WireTypeOf(tag) switch
    {
        WireType.Varint => TryReadVarint(out _),
        WireType.EightBytes => TryAdvance(8),
        WireType.Bytes => TryReadBytes(out _),
        WireType.FourBytes => TryAdvance(4),
        _ => false,
    };

    private bool TryAdvance(int count)
    {
        bool hasThem = count <= message.Length - _position;
        if (hasThem)
            _position += count;
        return hasThem;
    }

    private static WireType WireTypeOf(uint tag) => (WireType)(tag & 7);
}
