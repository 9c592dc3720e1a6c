using LambdaStreamRunner.Host.Traces;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>A console or a pipe whose reader can be called away: their own reads heed no cancellation.</summary>
/// <remarks>A read that was called away goes on behind a buffer of its own, and what it finds belongs to the next reader.</remarks>
internal sealed class InterruptibleInput(Stream source) : ForwardStream(source)
{
    private const int BufferSize = 64 * 1024;

    private readonly byte[] _buffer = new byte[BufferSize];
    private Task<int>? _reading;
    private int _taken;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _reading ??= Task.Run(() => Source.Read(_buffer), CancellationToken.None);
        int found = await _reading.WaitAsync(cancellationToken);
        int count = Math.Min(found - _taken, buffer.Length);
        _buffer.AsMemory(_taken, count).CopyTo(buffer);
        _taken += count;
        if (_taken == found)
            (_reading, _taken) = (null, 0);
        return count;
    }
}
