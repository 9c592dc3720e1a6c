using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>How a trace is read.</summary>
internal sealed record TraceReading
{
    /// <summary>The order of its lines.</summary>
    public LineOrder Order { get; init; } = LineOrder.ByTime;

    /// <summary>The longest gap that stays as it is; null (the default) for any.</summary>
    public TimeSpan? MaxGap { get; init; }

    /// <summary>Most records that are kept in memory.</summary>
    public int MemoryMax { get; init; } = ArrivalStore.DefaultMemoryMax;

    /// <summary>Keys of a coarse trace, which has none.</summary>
    public KeyProfile Keys { get; init; } = new KeyProfile.Zipf(1000);

    /// <summary>Sizes of a coarse trace; null (the default): the mean of each period, as it says.</summary>
    public SizeProfile? Sizes { get; init; }

    /// <summary>Seed of what a coarse trace leaves open.</summary>
    public long Seed { get; init; } = 1;
}

/// <summary>The order of a trace's lines.</summary>
internal enum LineOrder
{
    /// <summary>By time, but for a second.</summary>
    ByTime,

    /// <summary>Any: it is sorted.</summary>
    Any,
}

/// <summary>How far the reading of a trace is.</summary>
/// <param name="Records">Records so far.</param>
/// <param name="Share">Part of the file, 0 to 1; null when its length is not known.</param>
internal readonly record struct TraceProgress(long Records, double? Share);
