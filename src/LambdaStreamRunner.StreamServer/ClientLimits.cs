using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer;

/// <summary>AWS's limits on what clients do with a stream and its shards, while the stream's settings ask for them.</summary>
internal sealed class ClientLimits(EmbeddedStream stream, ShardGates gates)
{
    private readonly DailyQuotas _daily = new();

    /// <summary>Counts a call against a shard's limits, if there are any.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="take">Takes it; false when it is too much.</param>
    /// <exception cref="KinesisException">It is too much.</exception>
    public void Throttle(Shard shard, Func<ShardThroughput, DateTimeOffset, bool> take)
    {
        if (AreOff)
            return;
        EmbeddedShard gate = gates.Of(shard);
        lock (gate.Gate)
        {
            if (!take(gate.Throughput, stream.Time.GetUtcNow()))
                throw RateExceeded(shard);
        }
    }

    /// <summary>More than the shard takes or gives.</summary>
    public KinesisException RateExceeded(Shard shard) => KinesisException.ShardRateExceeded(shard.Id, stream.Name, stream.Account);

    /// <summary>Counts what was read against the shard's limits, if there are any.</summary>
    public void CountRead(Shard shard, ShardRead read)
    {
        if (AreOff)
            return;
        long bytes = 0;
        foreach (ReadOnlyMemory<StreamRecord> segment in read.Records)
        {
            foreach (ref readonly StreamRecord record in segment.Span)
                bytes += record.RawLength;
        }
        Throttle(shard, (throughput, now) =>
        {
            throughput.CountRead(bytes, now);
            return true;
        });
    }

    /// <summary>Under a shard's gate: whether the limits let a record in now.</summary>
    public bool TakesRecord(EmbeddedShard shard, int bytes, DateTimeOffset now) =>
        AreOff || shard.Throughput.TryWrite(bytes, now);

    /// <summary>Counts a change that is allowed so many times a day, if the stream has limits. To be called while a change is planned.</summary>
    /// <exception cref="KinesisException">There were too many.</exception>
    public void CountDaily(Func<DailyQuotas, DailyQuota> quota)
    {
        if (!AreOff)
            quota(_daily).Take(stream, stream.Time.GetUtcNow());
    }

    private bool AreOff => stream.Settings.Limits is StreamLimits.None;
}
