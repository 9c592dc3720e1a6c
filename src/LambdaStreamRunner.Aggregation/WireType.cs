namespace LambdaStreamRunner.Aggregation;

/// <summary>How protocol buffers write a value; the low three bits of its tag.</summary>
internal enum WireType
{
    Varint = 0,
    EightBytes = 1,
    Bytes = 2,
    GroupStart = 3,
    GroupEnd = 4,
    FourBytes = 5,
}
