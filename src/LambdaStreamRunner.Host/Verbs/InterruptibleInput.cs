namespace LambdaStreamRunner.Host.Verbs;

/// <summary>A console or a pipe whose reader can be called away: their own reads heed no cancellation.</summary>
/// <remarks>A read that was called away goes on behind a buffer of its own, and what it finds belongs to the next reader.</remarks>
internal sealed class InterruptibleInput(Stream source) : Stream
{
    private const int BufferSize = 64 * 1024;

    private readonly byte[] _buffer = new byte[BufferSize];
    private Task<int>? _reading;
    private int _taken;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _reading ??= Task.Run(() => source.Read(_buffer), CancellationToken.None);
        int found = await _reading.WaitAsync(cancellationToken);
        int count = Math.Min(found - _taken, buffer.Length);
        _buffer.AsMemory(_taken, count).CopyTo(buffer);
        _taken += count;
        if (_taken == found)
            (_reading, _taken) = (null, 0);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            source.Dispose();
        base.Dispose(disposing);
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
