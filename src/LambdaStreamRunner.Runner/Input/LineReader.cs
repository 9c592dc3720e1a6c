using System.Buffers;

namespace LambdaStreamRunner.Runner.Input;

/// <summary>Cuts a stream of bytes into lines, in one pooled buffer that grows to the longest line.</summary>
/// <remarks>Lines end with <c>\n</c> or <c>\r\n</c>; the last one may end with the stream. A line that is too long is passed over, not fatal.</remarks>
public sealed class LineReader : IDisposable
{
    private const int BufferBytesMin = 64 * 1024;
    private const int BufferBytesMax = Line.RecordBytesMax + 2;   // with \r\n

    private readonly Stream _stream;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytesMin);
    private int _start;                                       // of what is not yet handed out
    private int _searched;                                    // no line end lies before
    private int _end;
    private long _passedOver;                                 // bytes of the current line that are gone: it is too long
    private byte _lastPassedOver;
    private bool _isAtEnd;
    private bool _isDisposed;

    /// <summary>Reads a stream, which stays the caller's to close.</summary>
    public LineReader(Stream stream) => _stream = stream;

    /// <summary>The line that was read last; its data is good until the next read.</summary>
    public Line Current { get; private set; }

    /// <summary>Reads the next line into <see cref="Current"/>; false after the last one.</summary>
    public ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return TakeBufferedLine() ? ValueTask.FromResult(true) : FillAndReadAsync(cancellation);
    }

    /// <summary>Gives the buffer back; <see cref="Current"/> is no longer readable.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Current = default;
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private async ValueTask<bool> FillAndReadAsync(CancellationToken cancellation)
    {
        while (!_isAtEnd)
        {
            await FillAsync(cancellation);
            if (TakeBufferedLine())
                return true;
        }
        return TakeRest();
    }

    /// <summary>Most lines are here already, and cost no task.</summary>
    private bool TakeBufferedLine()
    {
        int lineEnd = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (lineEnd < 0)
        {
            _searched = _end;
            return false;
        }
        TakeLine(_searched + lineEnd);
        _start = _searched = _searched + lineEnd + 1;
        return true;
    }

    private bool TakeRest()
    {
        if (_start == _end && _passedOver == 0)
            return false;
        TakeLine(_end);
        _start = _end;
        return true;
    }

    /// <param name="end">Where its line feed lies, or the end of the stream.</param>
    private void TakeLine(int end)
    {
        bool endsWithLineFeed = end < _end;
        ReadOnlyMemory<byte> data = _buffer.AsMemory(_start, end - _start);
        byte last = data.IsEmpty ? _lastPassedOver : data.Span[^1];
        bool hasReturn = endsWithLineFeed && last == '\r';
        long length = _passedOver + data.Length - (hasReturn ? 1 : 0);
        Current = length > Line.RecordBytesMax
            ? new Line(Current.Number + 1, default, length)
            : new Line(Current.Number + 1, data[..(int)length], length);
        (_passedOver, _lastPassedOver) = (0, 0);
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        MakeRoom();
        int read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
        _isAtEnd = read == 0;
        _end += read;
    }

    private void MakeRoom()
    {
        int kept = _end - _start;
        bool isTooLong = kept >= BufferBytesMax || (_passedOver > 0 && kept > 0);
        if (isTooLong)                                        // no record can be this long: only its length still matters
        {
            _passedOver += kept;
            _lastPassedOver = _buffer[_end - 1];
            kept = 0;
        }

        byte[] target = _buffer;
        if (kept == _buffer.Length)
            target = ArrayPool<byte>.Shared.Rent(Math.Min(_buffer.Length * 2, BufferBytesMax));
        _buffer.AsSpan(_end - kept, kept).CopyTo(target);
        if (target != _buffer)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = target;
        (_start, _searched, _end) = (0, kept, kept);
    }
}
