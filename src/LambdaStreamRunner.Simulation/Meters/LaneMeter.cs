using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation.Figures;

namespace LambdaStreamRunner.Simulation.Meters;

/// <summary>What one lane is at, and what it did. Times are ticks of virtual time.</summary>
/// <param name="shard">Number of the shard.</param>
/// <param name="lane">Number of the lane in it.</param>
/// <param name="openedAt">When it begins to count: the beginning of the figures, or of its shard.</param>
internal sealed class LaneMeter(int shard, int lane, long openedAt)
{
    private Guid _requestId;
    private long? _closedAt;

    private ulong _deliveredThrough;
    private long _blockedSince = -1;
    private long _blockedUntil;
    private long _busy;
    private long _blocked;
    private long _longestBlock;
    private long _records;

    /// <summary>Number of the shard.</summary>
    public int Shard => shard;

    /// <summary>Number of the lane in it.</summary>
    public int Lane => lane;

    /// <summary>The page of its last record; see <see cref="ReadTimes"/>.</summary>
    public int PageHint;

    /// <summary>When it began to gather the batch that it works on: the end of what it did before.</summary>
    public long FreeSince { get; private set; }

    /// <summary>When the batch that it works on was tried first.</summary>
    public long GatheredAt { get; private set; }

    /// <summary>When the attempt under way began.</summary>
    public long StartedAt { get; private set; }

    private long EndedAt { get; set; }

    public void Start(Batch batch, long now)
    {
        StartedAt = now;
        _requestId = batch.RequestId;
        if (!batch.IsNewlyGathered)
            return;
        EndBlock();
        (FreeSince, GatheredAt, _deliveredThrough) = (EndedAt, now, 0);
    }

    /// <summary>An attempt ended; one that was throttled did not run.</summary>
    public void End(long now, bool ran)
    {
        EndedAt = now;
        if (ran)
            _busy += Math.Max(0, now - Math.Max(StartedAt, openedAt));
        if (_blockedSince >= 0)
            _blockedUntil = now;
    }

    /// <summary>An attempt failed: until what it was about is settled, the lane is blocked.</summary>
    public void Fail(long now)
    {
        if (_blockedSince < 0)
            _blockedSince = StartedAt;
        _blockedUntil = now;
    }

    public void Settle(int records) => _records += records;

    /// <summary>Records were given up; where its last attempt was about them, they blocked it until now.</summary>
    public void Discard(Guid requestId, long now)
    {
        if (_blockedSince >= 0 && requestId == _requestId)
            _blockedUntil = now;
    }

    /// <summary>A reshard closed its shard: it works off what is left, and counts no time after that.</summary>
    public void Close(long now) => _closedAt = now;

    /// <summary>For how long it was there, in ticks.</summary>
    /// <param name="end">The end of the run.</param>
    public long OpenTicks(long end) => Math.Max(0, (_closedAt is { } closed ? Math.Max(closed, EndedAt) : end) - openedAt);

    /// <summary>How many records of an attempt the function had seen before.</summary>
    public int CountRepeated(ReadOnlySpan<StreamRecord> records)
    {
        int repeated = 0;
        while (repeated < records.Length && records[repeated].SequenceNumber.Index <= _deliveredThrough)
            repeated++;
        if (repeated < records.Length)
            _deliveredThrough = records[^1].SequenceNumber.Index;
        return repeated;
    }

    /// <param name="end">The end of the run.</param>
    public LaneFigures Read(long end)
    {
        EndBlock();
        long open = OpenTicks(end);
        return new LaneFigures(shard, lane, _records, open > 0 ? (double)_busy / open : 0, new TimeSpan(_blocked), new TimeSpan(_longestBlock));
    }

    private void EndBlock()
    {
        if (_blockedSince < 0)
            return;
        long blocked = Math.Max(0, _blockedUntil - Math.Max(_blockedSince, openedAt));
        _blocked += blocked;
        _longestBlock = Math.Max(_longestBlock, blocked);
        _blockedSince = -1;
    }
}
