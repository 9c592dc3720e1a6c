namespace LambdaStreamRunner.Host.Traces;

/// <summary>A stream whose beginning can be looked at before it is read.</summary>
internal sealed class PeekedStream(Stream source) : ForwardStream(source)
{
    private byte[] _head = [];
    private int _taken;

    /// <summary>Its first bytes; fewer when it is shorter. To be called once, before anything is read.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken cancellation)
    {
        byte[] head = new byte[count];
        int read = await Source.ReadAtLeastAsync(head, count, throwOnEndOfStream: false, cancellation);
        return _head = head[..read];
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_taken == _head.Length)
            return await Source.ReadAsync(buffer, cancellationToken);
        int count = Math.Min(buffer.Length, _head.Length - _taken);
        _head.AsMemory(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }
}
