using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation.Figures;

namespace LambdaStreamRunner.Simulation.Meters;

/// <summary>What one lane is at, and what it did. Times are ticks of virtual time.</summary>
internal sealed class LaneMeter(int shard, int lane)
{
    private ulong _deliveredThrough;
    private ulong _firstIndex;
    private ulong _lastIndex;
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
        if (batch.ClosedBy is null)
            return;
        EndBlock();
        (FreeSince, GatheredAt, _deliveredThrough) = (EndedAt, now, 0);
        ReadOnlySpan<StreamRecord> records = batch.Records.Span;
        if (!records.IsEmpty)
            (_firstIndex, _lastIndex) = (records[0].SequenceNumber.Index, records[^1].SequenceNumber.Index);
    }

    /// <summary>An attempt ended; one that was throttled did not run.</summary>
    public void End(long now, bool ran)
    {
        EndedAt = now;
        if (ran)
            _busy += now - StartedAt;
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

    /// <summary>True when a record is of the batch that it works on.</summary>
    public bool Holds(ulong index) => index >= _firstIndex && index <= _lastIndex;

    /// <summary>Records of its batch were given up.</summary>
    public void Discard(long now)
    {
        if (_blockedSince >= 0)
            _blockedUntil = now;
    }

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

    public LaneFigures Read(double seconds)
    {
        EndBlock();
        double busy = seconds > 0 ? (double)_busy / TimeSpan.TicksPerSecond / seconds : 0;
        return new LaneFigures(shard, lane, _records, Math.Min(1, busy), new TimeSpan(_blocked), new TimeSpan(_longestBlock));
    }

    private void EndBlock()
    {
        if (_blockedSince < 0)
            return;
        long blocked = _blockedUntil - _blockedSince;
        _blocked += blocked;
        _longestBlock = Math.Max(_longestBlock, blocked);
        _blockedSince = -1;
    }
}
