using System.Globalization;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>ListShards' ShardFilter: chooses shards by the time in which they were open (Kinesis reference 6.4).</summary>
internal readonly record struct ShardFilter
{
    private ShardFilter(char kind, long milliseconds) => (Kind, Milliseconds) = (kind, milliseconds);

    /// <summary>FROM_TRIM_HORIZON and AFTER_SHARD_ID: every shard that is listed at all.</summary>
    public static ShardFilter All { get; } = new('*', 0);

    /// <summary>AT_LATEST.</summary>
    public static ShardFilter Open { get; } = new('o', 0);

    private char Kind { get; }

    private long Milliseconds { get; }

    /// <summary>AT_TIMESTAMP and AT_TRIM_HORIZON: open at that time.</summary>
    public static ShardFilter At(long milliseconds) => new('=', milliseconds);

    /// <summary>FROM_TIMESTAMP: open at that time or later.</summary>
    public static ShardFilter From(long milliseconds) => new('>', milliseconds);

    /// <summary>Reads what <see cref="ToString"/> wrote into a page token.</summary>
    public static ShardFilter Parse(string text) => new(text[0], long.Parse(text.AsSpan(1), CultureInfo.InvariantCulture));

    public bool Selects(Shard shard) => Kind switch
    {
        'o' => !shard.IsClosed,
        '=' => shard.StartingSequenceNumber.ShardCreatedSeconds * 1000 <= Milliseconds && EndsAtOrAfter(shard, Milliseconds),
        '>' => EndsAtOrAfter(shard, Milliseconds),
        _ => true,
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}{Milliseconds}");

    // Whole seconds are known of an end: the last one counts to its end.
    private static bool EndsAtOrAfter(Shard shard, long milliseconds) =>
        shard.EndingSequenceNumber is not { } ending || (ending.RecordSeconds * 1000) + 999 >= milliseconds;
}
