namespace LambdaStreamRunner.Core.Mappings.Windows;

/// <summary>The tumbling windows of one shard: which one is open, with which state, and when it ends.</summary>
/// <remarks>
/// Arrival decides the window; a record that is older than the open window belongs to the open one. A window is complete
/// when a record of a later one was read (a filtered one too, which opens none: open question Q11), when nothing came for a
/// while after its end, or when the shard has ended.
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html"/>.
/// </remarks>
internal sealed class TumblingWindows(EventSourceMapping mapping, TumblingWindow? open)
{
    private readonly long _length = (long)mapping.TumblingWindow.TotalMilliseconds;
    private readonly TimeSpan _grace = mapping.TumblingWindowGrace;
    private long _newestArrival = long.MinValue;
    private bool _isTerminated;                               // early, and nothing has been aggregated since

    /// <summary>The windows of a mapping that has any; null otherwise.</summary>
    public static TumblingWindows? Of(EventSourceMapping mapping, ShardContext shard) =>
        mapping.TumblingWindow > TimeSpan.Zero ? new TumblingWindows(mapping, shard.From.Window) : null;

    /// <summary>The window that has begun and not ended; null between windows.</summary>
    public TumblingWindow? Open { get; private set; } = open;

    /// <summary>The window that is worth keeping: not one that was terminated early and has had no record since.</summary>
    public TumblingWindow? Kept => _isTerminated ? null : Open;

    /// <summary>The main cursor has come to a record that arrived then, to be delivered or not.</summary>
    public void Passed(long arrivalMilliseconds) => _newestArrival = Math.Max(_newestArrival, arrivalMilliseconds);

    /// <summary>True when no record can join the open window any more.</summary>
    /// <param name="now">The time: later records arrive later.</param>
    /// <param name="isAtTip">True when all that is on the shard has been read.</param>
    public bool IsOver(DateTimeOffset now, bool isAtTip) =>
        Open is { } window && ((isAtTip && now >= window.End) || _newestArrival >= window.End.ToUnixTimeMilliseconds());

    /// <summary>What an idle lane can do now.</summary>
    /// <param name="firstWaiting">Arrival of the oldest record that waits; null when none does.</param>
    /// <param name="now">The time.</param>
    /// <param name="isAtTip">False: there may be records on the shard that belong here and were not read yet.</param>
    /// <param name="shardEnded">No more records will come.</param>
    public WindowStep Next(long? firstWaiting, DateTimeOffset now, bool isAtTip, bool shardEnded)
    {
        if (_isTerminated)
            Close();
        if (Open is { State.Length: > TumblingWindow.StateLengthMax })
            return WindowStep.Terminate;                      // a stop came between
        if (firstWaiting is { } arrival)
        {
            Open ??= WindowOf(arrival);
            return arrival < Open.End.ToUnixTimeMilliseconds() ? WindowStep.Gather : WindowStep.End;
        }
        if (Open is null)
            return WindowStep.Wait;
        bool isComplete = shardEnded || (isAtTip && now >= IdleEnd) || _newestArrival >= Open.End.ToUnixTimeMilliseconds();
        return isComplete ? WindowStep.End : WindowStep.Wait;
    }

    /// <summary>When the open window ends by the clock alone; null between windows.</summary>
    public DateTimeOffset? IdleEnd => Open?.End + _grace;

    /// <summary>The function has returned a state; true when it is too large for the window to go on.</summary>
    public bool Aggregate(ReadOnlyMemory<byte> state)
    {
        Open = Open! with { State = state };
        _isTerminated = false;
        return state.Length > TumblingWindow.StateLengthMax;
    }

    /// <summary>The last invocation of the window, or of what it was until now, is over, well or badly.</summary>
    /// <remarks>After an early termination it goes on with an empty state, and ends unseen when no more of its records come (open question Q12).</remarks>
    public void End(WindowEnding ending)
    {
        if (ending is WindowEnding.TerminatedEarly)
            (Open, _isTerminated) = (Open! with { State = TumblingWindow.EmptyState }, true);
        else
            Close();
    }

    private void Close() => (Open, _isTerminated) = (null, false);

    private TumblingWindow WindowOf(long arrival)
    {
        long start = arrival - (((arrival % _length) + _length) % _length);
        return new TumblingWindow(
            DateTimeOffset.FromUnixTimeMilliseconds(start), DateTimeOffset.FromUnixTimeMilliseconds(start + _length), TumblingWindow.EmptyState);
    }
}

/// <summary>What can be done for a window.</summary>
internal enum WindowStep
{
    /// <summary>Nothing: more records may come.</summary>
    Wait,

    /// <summary>Records of the open window wait for a batch.</summary>
    Gather,

    /// <summary>The final invocation is due.</summary>
    End,

    /// <summary>The state is too large: the window is to be terminated early.</summary>
    Terminate,
}
