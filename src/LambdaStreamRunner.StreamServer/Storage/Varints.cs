namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>Writes numbers in seven bits a byte, lowest first, and bytes as they are.</summary>
internal struct VarintWriter(byte[] buffer)
{
    public int Position { get; private set; }

    public void Write(ulong value)
    {
        while (value >= 0x80)
        {
            buffer[Position++] = (byte)(value | 0x80);
            value >>= 7;
        }
        buffer[Position++] = (byte)value;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(buffer.AsSpan(Position));
        Position += bytes.Length;
    }
}

/// <summary>Reads what <see cref="VarintWriter"/> wrote.</summary>
internal struct VarintReader(byte[] buffer, int position = 0)
{
    public int Position { get; private set; } = position;

    /// <exception cref="StorageException">The bytes end too early.</exception>
    public ulong Read()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (Position >= buffer.Length)
                throw RecordBlock.Damaged();
            byte next = buffer[Position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw RecordBlock.Damaged();
    }

    /// <summary>A number of bytes that are there.</summary>
    public int ReadLength()
    {
        ulong length = Read();
        return length <= (ulong)(buffer.Length - Position) ? (int)length : throw RecordBlock.Damaged();
    }

    /// <summary>Passes over bytes; returns where they begin.</summary>
    public int Skip(int length)
    {
        int start = Position;
        if (length > buffer.Length - start)
            throw RecordBlock.Damaged();
        Position += length;
        return start;
    }
}
