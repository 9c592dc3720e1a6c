using System.Buffers;
using CsCheck;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Streams;

/// <summary>Writing first and publishing later, as a stream on disk does it.</summary>
public class ShardWritingTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_767_225_600);

    [Fact]
    public void What_is_written_is_seen_when_it_is_published()
    {
        Shard shard = new InMemoryStream(1, Now).Shards[0];
        SequenceNumber number = Write(shard);
        Assert.Empty(ReadAll(shard));
        Assert.Equal(shard.StartingSequenceNumber, shard.Resolve(ShardPosition.Latest).SequenceNumber);

        shard.Publish(1);

        Assert.Equal([number], ReadAll(shard));
    }

    [Fact]
    public void A_closed_shard_ends_only_when_all_that_was_written_is_published_or_taken_back()
    {
        var stream = new InMemoryStream(1, Now);
        Shard shard = stream.Shards[0];
        Write(shard);
        shard.Publish(1);
        Write(shard);
        stream.UpdateShardCount(2, Now);
        var reader = new ShardReader(shard);
        Assert.False(reader.Read(ShardPosition.TrimHorizon, 10, Now).EndOfShard);

        shard.RollBack();

        Assert.True(reader.Read(ShardPosition.TrimHorizon, 10, Now).EndOfShard);
        Assert.Single(ReadAll(shard));
    }

    [Fact]
    public void Any_history_of_writing_publishing_taking_back_and_evicting_shows_what_was_published()
    {
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 40]).List[1, 60].Sample(history =>
        {
            Shard shard = new InMemoryStream(1, Now).Shards[0];
            List<SequenceNumber> published = [];
            List<SequenceNumber> written = [];
            var reader = new ShardReader(shard);              // one that reads on all the time
            ShardPosition from = ShardPosition.TrimHorizon;
            int read = 0;
            foreach ((int step, int count) in history)
            {
                switch (step)
                {
                    case 0 or 1:
                        for (int i = 0; i < count; i++)
                            written.Add(Write(shard));
                        break;
                    case 2:
                        int some = Math.Min(count, written.Count);
                        published.AddRange(written[..some]);
                        written.RemoveRange(0, some);
                        shard.Publish(published.Count);
                        break;
                    default:
                        Assert.Equal(written.Count * (long)(Shard.RecordOverhead + 4), shard.RollBack());
                        written.Clear();
                        break;
                }
                Assert.Equal(published.Count, shard.RecordCount);
                Assert.Equal(published.Count + written.Count, shard.WrittenCount);
                Assert.Equal(shard.WrittenCount * (Shard.RecordOverhead + 4), shard.RetainedBytes);
                Assert.Equal(written, shard.WrittenFrom(published.Count).ToArray().Select(record => record.SequenceNumber));
                ShardRead next = reader.Read(from, 10_000, Now);
                Assert.Equal(published[read..], Numbers(next));
                read = published.Count;
                from = next.Next;
            }
            Assert.Equal(published, ReadAll(shard));

            long evicted = published.Count / 2;
            shard.Evict(evicted);
            bool complete = new ShardReader(shard).TryRead(ShardPosition.TrimHorizon, 10_000, Now, out ShardRead rest);
            Assert.Equal(published.Count == 0 || Numbers(rest).Count() == published.Count, complete);
            Assert.Equal(published[^Numbers(rest).Count()..], Numbers(rest));
            Assert.True(Numbers(rest).Count() >= published.Count - evicted);
        });
    }

    [Fact]
    public void A_shard_goes_on_behind_what_was_kept_of_it()
    {
        var first = new InMemoryStream(2, Now);
        SequenceNumber last = Write(first.Shards[1]);
        var tails = new[] { default, new ShardTail(1, last.Index, Now.ToUnixTimeMilliseconds()) };

        var second = new InMemoryStream(Now, TimeSpan.FromHours(24), first.Shards.Select((shard, i) => ShardState.Of(shard) with { Tail = tails[i] }));

        Assert.Equal(1, second.Shards[1].RecordCount);
        Assert.Equal(ShardPosition.After(last), second.Shards[1].Resolve(ShardPosition.Latest));
        Assert.True(Write(second.Shards[1]) > last);
        Assert.True(Write(second.Shards[0]).Index > last.Index);  // one counter for both
        var reader = new ShardReader(second.Shards[1]);
        Assert.False(reader.TryRead(ShardPosition.TrimHorizon, 10, Now, out _));
        Assert.True(reader.TryRead(ShardPosition.After(last), 10, Now, out _));
        Assert.True(reader.TryRead(ShardPosition.TrimHorizon, 10, Now + TimeSpan.FromHours(25), out _));
        Assert.True(reader.HasNews(ShardPosition.TrimHorizon, Now));
    }

    private static SequenceNumber Write(Shard shard)
    {
        "kdat"u8.CopyTo(shard.Reserve(4));
        return shard.Write(1, 3, 0, Now);
    }

    private static IEnumerable<SequenceNumber> ReadAll(Shard shard) => Numbers(new ShardReader(shard).Read(ShardPosition.TrimHorizon, 10_000, Now));

    private static IEnumerable<SequenceNumber> Numbers(ShardRead read)
    {
        foreach (ReadOnlyMemory<StreamRecord> part in read.Records)
        {
            for (int i = 0; i < part.Length; i++)
                yield return part.Span[i].SequenceNumber;
        }
    }
}
