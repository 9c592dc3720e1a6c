namespace LambdaStreamRunner.Runner.Input;

/// <summary>One line of an input.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Data">Its bytes without the line end, until the next line is read. Empty for a line that is too long.</param>
/// <param name="Length">Bytes of the line without its end, also of one that is too long.</param>
public readonly record struct Line(long Number, ReadOnlyMemory<byte> Data, long Length)
{
    /// <summary>Most bytes that one record holds, key and data together.</summary>
    public const int RecordBytesMax = 1_048_576;

    /// <summary>True when no key could make a record of it.</summary>
    public bool IsTooLong => Length > RecordBytesMax;
}
