using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Retrying;

/// <summary>How long a record is worth a try: up to MaximumRecordAge, and while the stream retains it.</summary>
/// <remarks>A record whose age equals the limit is past it.</remarks>
internal readonly struct RecordLifetime(EventSourceMapping mapping, ShardContext shard)
{
    private readonly TimeSpan? _maximumAge = mapping.MaximumRecordAge;
    private readonly TimeSpan _retention = shard.Retention;

    /// <summary>How many leading records are past MaximumRecordAge.</summary>
    public int LeadingTooOld(ReadOnlySpan<StreamRecord> records, DateTimeOffset now) =>
        _maximumAge is { } age ? LeadingPast(age, records, now) : 0;

    /// <summary>How many leading records the stream no longer retains.</summary>
    public int LeadingExpired(ReadOnlySpan<StreamRecord> records, DateTimeOffset now) => LeadingPast(_retention, records, now);

    /// <summary>True when a window, which has no records, is past MaximumRecordAge: it counts from the window's end (open question Q28).</summary>
    public bool IsTooOld(TumblingWindow window, DateTimeOffset now) => _maximumAge is { } age && now - window.End >= age;

    /// <summary>When a window is past MaximumRecordAge.</summary>
    public DateTimeOffset EndOf(TumblingWindow window) => _maximumAge is { } age ? window.End + age : DateTimeOffset.MaxValue;

    /// <summary>When the last of the records is past either limit: of the youngest, since arrival times may step back.</summary>
    public DateTimeOffset EndOf(ReadOnlySpan<StreamRecord> records)
    {
        long youngest = long.MinValue;
        foreach (ref readonly StreamRecord record in records)
            youngest = Math.Max(youngest, record.ArrivalMilliseconds);
        TimeSpan lifetime = _maximumAge is { } age && age < _retention ? age : _retention;
        return DateTimeOffset.FromUnixTimeMilliseconds(youngest) + lifetime;
    }

    private static int LeadingPast(TimeSpan limit, ReadOnlySpan<StreamRecord> records, DateTimeOffset now)
    {
        long youngestPast = (now - limit).ToUnixTimeMilliseconds();
        int leading = 0;
        while (leading < records.Length && records[leading].ArrivalMilliseconds <= youngestPast)
            leading++;
        return leading;
    }
}
