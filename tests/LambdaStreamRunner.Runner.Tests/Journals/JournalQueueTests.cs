using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Runner.Journals;

namespace LambdaStreamRunner.Runner.Tests.Journals;

/// <summary>What waits for a slow disk is bounded, and nobody waits without a word.</summary>
public class JournalQueueTests
{
    [Fact]
    public void Who_adds_to_a_full_queue_waits_until_there_is_room_and_that_is_told_once()
    {
        var queue = new JournalQueue(weightMax: 1);
        queue.Add(Entry(1), TimeSpan.Zero, () => Assert.Fail("There was room."));
        int told = 0;

        queue.Add(Entry(2), TimeSpan.Zero, () =>
        {
            told++;
            Assert.True(queue.TryTake(out _));                // the writer comes around
        });

        Assert.Equal(1, told);
        Assert.True(queue.TryTake(out JournalEntry? second));
        Assert.Equal(2, second!.Mapping);
    }

    [Fact]
    public void A_queue_that_is_closed_gives_what_it_has_and_takes_nothing_more()
    {
        var queue = new JournalQueue(weightMax: 1);
        queue.Add(Entry(1), TimeSpan.Zero, () => { });

        queue.Add(Entry(2), TimeSpan.Zero, queue.Close);      // a full disk: who waits is let go
        queue.Add(Entry(3), TimeSpan.Zero, () => Assert.Fail("Nobody waits any more."));

        Assert.True(queue.Wait());
        Assert.True(queue.TryTake(out JournalEntry? only));
        Assert.Equal(1, only!.Mapping);
        Assert.False(queue.Wait());
    }

    private static JournalEntry.Step Entry(int mapping) => new(mapping, new HistoryStep.ShardClosed(DateTimeOffset.UnixEpoch, "s"), Records: 0);
}
