using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Runner.Journals;
using LambdaStreamRunner.Runner.Tests.Hosting;

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

    [Fact]
    public async Task A_queue_that_moves_a_little_and_never_has_room_is_told_of_when_the_patience_is_over()
    {
        const int Small = 2_000;
        var queue = new JournalQueue(weightMax: 500 * Small + 1);
        for (int n = 1; n <= Small; n++)
            queue.Add(Entry(n), TimeSpan.Zero, () => Assert.Fail("There was room."));
        queue.Add(Entry(0) with { Weight = 1 << 30 }, TimeSpan.Zero, () => Assert.Fail("There was room."));
        using var told = new ManualResetEventSlim();

        Task adding = Task.Run(() => queue.Add(Entry(0), TimeSpan.FromMilliseconds(100), told.Set));
        int taken = 0;
        while (!told.Wait(TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken) && taken < Small)
        {
            queue.TryTake(out _);
            taken++;
        }

        Assert.InRange(taken, 0, Small - 1);
        queue.Close();
        await adding.SoonAsync();
    }

    [Fact]
    public async Task Who_waits_for_room_when_waiting_is_abandoned_loses_what_he_adds_and_so_does_who_comes_later()
    {
        var queue = new JournalQueue(weightMax: 1);
        queue.Add(Entry(1), TimeSpan.Zero, () => { });
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<bool> adding = Task.Run(() => queue.Add(Entry(2), TimeSpan.Zero, told.SetResult));
        await told.Task.SoonAsync();

        queue.Abandon();

        await ((Task)adding).SoonAsync();
        Assert.False(await adding);
        Assert.True(queue.TryTake(out _));
        queue.Add(Entry(3), TimeSpan.Zero, () => Assert.Fail("Nobody waits any more."));
        Assert.False(queue.TryTake(out _));                   // no history with a hole
    }

    [Fact]
    public void As_long_as_there_is_room_an_abandoned_queue_takes_in_the_end_of_the_story()
    {
        var queue = new JournalQueue(weightMax: 1);

        queue.Abandon();

        Assert.True(queue.Add(Entry(1), TimeSpan.Zero, () => Assert.Fail("There was room.")));
        Assert.True(queue.TryTake(out _));
    }

    private static JournalEntry.Step Entry(int mapping) => new(mapping, new HistoryStep.ShardClosed(DateTimeOffset.UnixEpoch, "s"), Records: 0);
}
