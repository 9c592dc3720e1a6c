namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>The event as the stream that a handler or its serializer reads: a view of the caller's memory, not a copy.</summary>
/// <remarks>
/// The memory is lent. After <see cref="TakeBack"/> the caller may use it again, even if a handler that ran past its deadline
/// still holds the stream: it then throws instead of showing another batch's bytes. It is a <see cref="MemoryStream"/> since
/// serializers look for one and copy others twice.
/// </remarks>
internal sealed class EventStream(ReadOnlyMemory<byte> eventJson) : MemoryStream([], writable: false)
{
    private readonly Lock _gate = new();
    private ReadOnlyMemory<byte> _event = eventJson;
    private int _position;
    private bool _isTakenBack;

    public override long Length
    {
        get
        {
            lock (_gate)
                return Readable().Length;
        }
    }

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <summary>Ends the loan; no read is under way when this returns.</summary>
    public void TakeBack()
    {
        lock (_gate)
        {
            _isTakenBack = true;
            _event = default;
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override int Read(Span<byte> buffer)
    {
        lock (_gate)
        {
            ReadOnlySpan<byte> rest = Rest();
            int length = Math.Min(rest.Length, buffer.Length);
            rest[..length].CopyTo(buffer);
            _position += length;
            return length;
        }
    }

    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    /// <summary>The whole event, wherever the position is.</summary>
    public override byte[] ToArray()
    {
        lock (_gate)
            return Readable().ToArray();
    }

    public override void WriteTo(Stream stream) => stream.Write(ToArray());

    public override long Seek(long offset, SeekOrigin loc)
    {
        lock (_gate)
        {
            long from = loc switch
            {
                SeekOrigin.Begin => 0,
                SeekOrigin.Current => _position,
                _ => Readable().Length,
            };
            long target = from + offset;
            ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(target, int.MaxValue, nameof(offset));
            _position = (int)target;
            return target;
        }
    }

    private ReadOnlySpan<byte> Rest()
    {
        ReadOnlySpan<byte> all = Readable();
        return _position < all.Length ? all[_position..] : [];
    }

    private ReadOnlySpan<byte> Readable()
    {
        ObjectDisposedException.ThrowIf(!CanRead, this);
        if (_isTakenBack)
            throw new IOException("The event can no longer be read: its invocation has ended.");
        return _event.Span;
    }
}
