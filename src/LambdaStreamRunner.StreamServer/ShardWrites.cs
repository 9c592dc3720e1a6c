using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Protocol;
using LambdaStreamRunner.StreamServer.Storage;

namespace LambdaStreamRunner.StreamServer;

/// <summary>Writes the records of one request: each shard's gate is taken once, for all records that go there, in their order.</summary>
/// <param name="stream">The stream.</param>
/// <param name="entries">The records.</param>
/// <param name="commit">Gathers what must be on disk before the request is answered; null when the stream is in memory only.</param>
/// <param name="isLimited">Whether the stream's limits hold for them.</param>
/// <param name="now">When the records arrive.</param>
internal readonly ref struct ShardWrites(EmbeddedStream stream, Span<PutEntry> entries, PutCommit? commit, bool isLimited, DateTimeOffset now)
{
    private const int Done = -1;

    private readonly Span<PutEntry> _entries = entries;

    /// <param name="memory">What was taken for the records; less what they use.</param>
    public void Execute(ref long memory)
    {
        Span<UInt128> hashes = stackalloc UInt128[Members.PutRecordsEntriesMax];
        hashes = hashes[.._entries.Length];
        Span<int> targets = stackalloc int[Members.PutRecordsEntriesMax];
        targets = targets[.._entries.Length];
        for (int i = 0; i < _entries.Length; i++)
        {
            hashes[i] = HashKeyRange.HashOf(_entries[i].Key.Span);
            targets[i] = stream.GateFor(_entries[i].ExplicitHashKey ?? hashes[i]).Shard.Index;
        }

        int first;
        while ((first = targets.IndexOfAnyExcept(Done)) >= 0)
        {
            EmbeddedShard shard = stream.GateFor(_entries[first].ExplicitHashKey ?? hashes[first]);
            if (shard.Shard.Index != targets[first])
                Route(targets, targets[first], hashes);       // its shard was closed meanwhile: so for all that went there
            else
                WriteTo(shard, hashes, targets, ref memory);
        }
    }

    private void WriteTo(EmbeddedShard shard, ReadOnlySpan<UInt128> hashes, Span<int> targets, ref long memory)
    {
        int index = shard.Shard.Index;
        lock (shard.Gate)
        {
            if (shard.Shard.IsClosed)
                return;                                       // seen in the last moment: routed again
            stream.PrepareWrite(shard, now);
            int written = 0;
            for (int at = targets.IndexOf(index), next; at < targets.Length; at += 1 + (next < 0 ? targets.Length : next))
            {
                if (TryWrite(ref _entries[at], shard, hashes[at]))
                {
                    memory -= _entries[at].RawLength + Shard.RecordOverhead;
                    written++;
                }
                targets[at] = Done;
                next = targets[(at + 1)..].IndexOf(index);
            }
            if (written == 0)
                return;
            if (commit is not null)
            {
                shard.Stored!.Enqueue(commit);                // whoever writes it to the disk also publishes it
                return;
            }
            shard.Shard.Publish(shard.Shard.WrittenCount);
        }
        Interlocked.MemoryBarrier();                          // publish first, then look for waiters: no wake-up is lost
        shard.Announce();
    }

    private bool TryWrite(ref PutEntry entry, EmbeddedShard shard, UInt128 keyHash)
    {
        if (isLimited && !stream.ClientLimits.TakesRecord(shard, entry.RawLength, now))
        {
            entry.Fail(stream.ClientLimits.RateExceeded(shard.Shard));
            return false;
        }
        entry.AppendTo(shard.Shard, keyHash, now);
        return true;
    }

    private void Route(Span<int> targets, int closed, ReadOnlySpan<UInt128> hashes)
    {
        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i] == closed)
                targets[i] = stream.GateFor(_entries[i].ExplicitHashKey ?? hashes[i]).Shard.Index;
        }
    }
}
