namespace LambdaStreamRunner.Runner.Tests.Input;

/// <summary>Hands out bytes in pieces of given sizes, as a pipe or a socket would.</summary>
internal sealed class TrickleStream(byte[] bytes, params int[] pieces) : MemoryStream(bytes)
{
    private int _next;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int piece = pieces.Length == 0 ? buffer.Length : pieces[_next++ % pieces.Length];
        return base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
