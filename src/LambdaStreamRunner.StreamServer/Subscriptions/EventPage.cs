using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Subscriptions;

/// <summary>Cuts a read to what one event holds.</summary>
internal static class EventPage
{
    /// <param name="read">What was read, perhaps too much.</param>
    /// <param name="bytesMax">Most bytes of keys and data; the first record is taken whatever its size.</param>
    /// <param name="now">Decides how far behind the rest is.</param>
    public static ShardRead Take(ShardRead read, int bytesMax, DateTimeOffset now)
    {
        long bytes = 0;
        long count = 0;
        StreamRecord last = default;
        foreach (ReadOnlyMemory<StreamRecord> run in read.Records)
        {
            foreach (ref readonly StreamRecord record in run.Span)
            {
                bytes += record.RawLength;
                if (bytes > bytesMax && count > 0)
                {
                    long behind = Math.Max(0, now.ToUnixTimeMilliseconds() - record.ArrivalMilliseconds);
                    return new ShardRead(read.Records.Slice(0, count), ShardPosition.After(last.SequenceNumber), EndOfShard: false, behind);
                }
                last = record;
                count++;
            }
        }
        return read;
    }
}
