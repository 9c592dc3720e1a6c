namespace LambdaStreamRunner.Core.Mappings.Filtering.Matching;

/// <summary>Memory for texts with escapes, used again from record to record.</summary>
internal sealed class MatchMemory
{
    private byte[] _name = new byte[256];
    private byte[] _text = new byte[256];

    /// <summary>Room for a name of so many bytes; it does not disturb a text.</summary>
    public Span<byte> ForName(int length) => Room(ref _name, length);

    /// <summary>Room for a text of so many bytes; it does not disturb a name.</summary>
    public Span<byte> ForText(int length) => Room(ref _text, length);

    private static Span<byte> Room(ref byte[] memory, int length)
    {
        if (memory.Length < length)
            memory = new byte[Math.Max(length, memory.Length * 2)];
        return memory;
    }
}
