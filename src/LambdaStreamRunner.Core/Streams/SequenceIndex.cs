namespace LambdaStreamRunner.Core.Streams;

/// <summary>The running index inside sequence numbers, shared by a group of five shards as production Kinesis does it.</summary>
internal sealed class SequenceIndex
{
    /// <summary>Shards whose numbers come from one counter.</summary>
    public const int ShardsPerGroup = 5;

    private long _last;

    /// <summary>The next index, from 1: index 0 is the shard's own starting number.</summary>
    public ulong Next() => (ulong)Interlocked.Increment(ref _last);

    /// <summary>Makes the next index higher than one that was given in an earlier life.</summary>
    public void Pass(ulong index)
    {
        long last = Volatile.Read(ref _last);
        while (last < (long)index)
        {
            long seen = Interlocked.CompareExchange(ref _last, (long)index, last);
            if (seen == last)
                return;
            last = seen;
        }
    }
}
