using LambdaStreamRunner.Host.Producing;

namespace LambdaStreamRunner.Host.Tests.Producing;

public class PutWindowTests
{
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(1);

    private readonly PutWindow _window = new(new PutRetryPolicy(new Random(1)));

    [Fact]
    public void A_batch_holds_one_entry_of_each_group()
    {
        AddAll("a1", "a2", "b1", "a3", "c1");

        Assert.Equal("a1 b1 c1", Take());
        Assert.Equal("", Take());
    }

    [Fact]
    public void What_was_put_lets_the_next_of_its_group_go()
    {
        AddAll("a1", "a2", "b1");
        PutBatch batch = _window.Take(default)!;

        _window.Put(batch.Groups[0]);

        Assert.Equal("a2", Take());
    }

    [Fact]
    public void What_was_refused_goes_again_before_what_follows_it_and_before_fresh_ones()
    {
        AddAll("a1", "a2");
        PutBatch batch = _window.Take(default)!;
        Assert.True(_window.TryAgain(batch.Groups[0], default));
        AddAll("b1");

        Assert.Equal("b1", Take());
        AddAll("c1");
        Assert.Equal("a1 c1", Take(Later));
    }

    [Fact]
    public void Nothing_goes_before_its_pause_is_over()
    {
        AddAll("a1");
        _window.TryAgain(_window.Take(default)!.Groups[0], default);
        TimeSpan at = _window.NextRetryAt!.Value;

        Assert.Equal("", Take(at - TimeSpan.FromTicks(1)));
        Assert.Equal("a1", Take(at));
    }

    [Fact]
    public void No_fresh_entry_goes_while_too_many_wait_for_another_try()
    {
        for (int i = 0; i < PutWindow.WaitingForRetryMax; i++)
            AddAll($"k{i}");
        foreach (OrderGroup group in _window.Take(default)!.Groups)
            _window.TryAgain(group, default);
        AddAll("fresh");

        Assert.Equal("", Take());
        Assert.Equal(PutBatch.EntriesMax, _window.Take(Later)!.Groups.Count);
        Assert.Equal("fresh", Take(Later));
    }

    [Fact]
    public void Entries_without_a_group_go_together()
    {
        for (int i = 0; i < 3; i++)
            _window.Add(new PutEntry("a", Arrivals.Payload(i), orderGroup: null));

        Assert.Equal(3, _window.Take(default)!.Groups.Count);
    }

    [Fact]
    public void A_batch_keeps_to_the_bytes_of_one_request()
    {
        for (int i = 0; i < 5; i++)
            _window.Add(new PutEntry($"{i}", new byte[1_048_575], $"{i}"));

        Assert.Equal(4, _window.Take(default)!.Groups.Count);
        Assert.Single(_window.Take(default)!.Groups);
    }

    [Fact]
    public void It_is_full_by_count_and_by_bytes_and_empty_when_all_was_put()
    {
        for (int i = 0; i < PutWindow.EntriesMax; i++)
        {
            Assert.False(_window.IsFull);
            AddAll("a1");
        }
        Assert.True(_window.IsFull);
        while (_window.Take(default) is { } batch)
            _window.Put(batch.Groups[0]);
        Assert.True(_window.IsEmpty);

        for (int i = 0; i < 33; i++)
            _window.Add(new PutEntry("a", new byte[1_000_000], "a"));
        Assert.False(_window.IsFull);
        _window.Add(new PutEntry("a", new byte[1_000_000], "a"));
        Assert.True(_window.IsFull);
    }

    [Fact]
    public void An_entry_has_so_many_tries()
    {
        AddAll("a1");
        OrderGroup group = _window.Take(default)!.Groups[0];
        for (int i = 1; i < PutRetryPolicy.TriesMax; i++)
        {
            Assert.True(_window.TryAgain(group, default));
            Assert.Same(group, _window.Take(Later)!.Groups[0]);
        }

        Assert.False(_window.TryAgain(group, default));
    }

    /// <summary>The first letter is the group.</summary>
    private void AddAll(params string[] entries)
    {
        foreach (string entry in entries)
            _window.Add(new PutEntry(entry, default, entry.Length > 2 ? entry : entry[..1]));
    }

    private string Take(TimeSpan now = default) => string.Join(' ', _window.Take(now)?.Groups.Select(group => group.First.PartitionKey) ?? []);
}
