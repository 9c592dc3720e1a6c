namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>The part of the read-ahead that one lane may hold even when the others have used up the rest.</summary>
/// <param name="Records">Most records.</param>
/// <param name="RawLength">Most bytes of keys and payloads (passed by at most one record).</param>
/// <param name="HungryBelow">A lane with fewer waiting records is hungry.</param>
internal readonly record struct LaneShare(int Records, long RawLength, int HungryBelow)
{
    public static LaneShare Of(EventSourceMapping mapping)
    {
        int records = ReadAhead.RecordsMax / mapping.ParallelizationFactor;
        return new LaneShare(records, ReadAhead.RawLengthMax / mapping.ParallelizationFactor, Math.Min(records, mapping.BatchSize));
    }

    public bool HasRoom(int records, long rawLength) => records < Records && rawLength < RawLength;
}
