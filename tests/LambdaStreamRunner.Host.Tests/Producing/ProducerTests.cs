using LambdaStreamRunner.Aggregation;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Host.Producing;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Host.Tests.Producing;

public class ProducerTests
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_record_waits_for_its_pause_and_holds_back_only_its_own_key()
    {
        var time = new FakeTimeProvider();
        await using ScriptedKinesis kinesis = await ScriptedKinesis.StartAsync();
        kinesis.Refused.Add("slow");
        using var endpoint = new KinesisEndpoint(kinesis.Url, 1, time);
        await using Producer producer = await Producer.StartAsync(endpoint, "clicks", new ProducerOptions { Connections = 1 }, new Random(1), time, Stopping);

        await producer.AddAsync("slow", Arrivals.Payload(0), Stopping);
        await producer.AddAsync("slow", Arrivals.Payload(1), Stopping);
        await producer.AddAsync("quick", Arrivals.Payload(0), Stopping);
        await producer.AddAsync("quick", Arrivals.Payload(1), Stopping);
        await UntilAsync(() => producer.Counts is { Put: 2, Retried: 1 });
        time.Advance(PutRetryPolicy.First / 2 - TimeSpan.FromTicks(1));
        await producer.AddAsync("quick", Arrivals.Payload(2), Stopping);
        await UntilAsync(() => producer.Counts.Put == 3);     // a later request was answered, so an earlier second try would show

        Assert.Equal(1, kinesis.RefusalsOf("slow"));

        kinesis.Refused.Clear();
        time.Advance(PutRetryPolicy.First);
        await producer.FlushAsync();

        Assert.Equal([0, 1], kinesis.NumbersByKey()["slow"]);
        Assert.Equal([0, 1, 2], kinesis.NumbersByKey()["quick"]);
    }

    [Fact]
    public async Task A_record_that_is_refused_too_often_ends_it_with_a_prefix_of_every_key_and_counts_that_add_up()
    {
        var time = new EagerTime();
        await using ScriptedKinesis kinesis = await ScriptedKinesis.StartAsync();
        kinesis.Refused.Add("never");
        using var endpoint = new KinesisEndpoint(kinesis.Url, 4, time);
        Producer producer = await Producer.StartAsync(endpoint, "clicks", new ProducerOptions(), new Random(1), time, Stopping);

        var refused = await Assert.ThrowsAsync<ProducerException>(async () =>
        {
            for (int i = 0; i < 100_000; i++)
                await producer.AddAsync(i % 100 == 7 ? "never" : $"key-{i % 10}", Arrivals.Payload(i), Stopping);
            await producer.FlushAsync();
        });
        await producer.DisposeAsync();

        Assert.Contains("'never' was refused 12 times", refused.Message, StringComparison.Ordinal);
        Assert.Equal(PutRetryPolicy.TriesMax, kinesis.RefusalsOf("never"));
        Assert.Equal(kinesis.Stored.Count, producer.Counts.Put);
        Assert.All(kinesis.NumbersByKey(), key => Assert.Equal(PrefixOf(key.Key, key.Value.Count), key.Value));
    }

    [Fact]
    public async Task Without_an_answer_so_far_a_refused_connection_is_told_at_once()
    {
        var time = new EagerTime();
        Uri url;
        await using (ScriptedKinesis gone = await ScriptedKinesis.StartAsync())
            url = gone.Url;
        using var endpoint = new KinesisEndpoint(url, 1, time);
        await using Producer producer = await Producer.StartAsync(endpoint, "clicks", new ProducerOptions(), new Random(1), time, Stopping);
        await producer.AddAsync("a", Arrivals.Payload(0), Stopping);

        var refused = await Assert.ThrowsAsync<ProducerException>(producer.FlushAsync);

        Assert.Contains("cannot be reached", refused.Message, StringComparison.Ordinal);
        Assert.Equal((0, 1), (producer.Counts.Retried, producer.Counts.Requests));
    }

    [Fact]
    public async Task After_an_answer_a_lost_endpoint_is_tried_again_until_the_tries_are_spent()
    {
        var time = new EagerTime();
        ScriptedKinesis kinesis = await ScriptedKinesis.StartAsync();
        using var endpoint = new KinesisEndpoint(kinesis.Url, 1, time);
        await using Producer producer = await Producer.StartAsync(endpoint, "clicks", new ProducerOptions { Connections = 1 }, new Random(1), time, Stopping);
        await producer.AddAsync("a", Arrivals.Payload(0), Stopping);
        await producer.FlushAsync();
        await kinesis.DisposeAsync();
        await producer.AddAsync("a", Arrivals.Payload(1), Stopping);

        var refused = await Assert.ThrowsAsync<ProducerException>(producer.FlushAsync);

        Assert.Contains("cannot be reached", refused.Message, StringComparison.Ordinal);
        Assert.Equal((1, PutRetryPolicy.TriesMax - 1), (producer.Counts.Put, producer.Counts.Retried));
    }

    [Fact]
    public async Task An_aggregated_record_waits_for_more_no_longer_than_a_tenth_of_a_second()
    {
        var time = new FakeTimeProvider();
        await using ScriptedKinesis kinesis = await ScriptedKinesis.StartAsync();
        using var endpoint = new KinesisEndpoint(kinesis.Url, 1, time);
        await using Producer producer = await Producer.StartAsync(
            endpoint, "clicks", new ProducerOptions { AggregateSizeMax = RecordAggregator.DefaultSizeMax }, new Random(1), time, Stopping);
        await producer.AddAsync("a", Arrivals.Payload(0), Stopping);
        await producer.AddAsync("b", Arrivals.Payload(1), Stopping);

        await UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(1));       // the alarm is set by a worker, at a moment of its own
            return producer.Counts.Put == 2;
        });

        Assert.Equal(1, producer.Counts.KinesisRecords);
        Assert.True(AggregatedRecord.IsAggregated(kinesis.Stored[0].Data));
    }

    [Fact]
    public async Task A_record_that_is_too_large_to_be_aggregated_stays_in_order()
    {
        var time = new EagerTime();
        await using ScriptedKinesis kinesis = await ScriptedKinesis.StartAsync(entryFailures: 0.3);
        using var endpoint = new KinesisEndpoint(kinesis.Url, 4, time);
        await using Producer producer = await Producer.StartAsync(endpoint, "clicks", new ProducerOptions { AggregateSizeMax = 200 }, new Random(1), time, Stopping);
        for (int i = 0; i < 60; i++)
            await producer.AddAsync("a", Arrivals.Payload(i, i % 3 == 0 ? 500 : 1), Stopping);
        await producer.FlushAsync();

        Assert.Equal(Enumerable.Range(0, 60), kinesis.NumbersByKey()["a"]);
        Assert.Equal(20, kinesis.Stored.Count(stored => stored.Data.Length == 500));
    }

    [Fact]
    public async Task After_a_reshard_the_shards_are_asked_for_again_and_order_stays()
    {
        var time = new EagerTime();
        await using ScriptedKinesis kinesis = await ScriptedKinesis.StartAsync(entryFailures: 0.2);
        using var endpoint = new KinesisEndpoint(kinesis.Url, 4, time);
        await using Producer producer = await Producer.StartAsync(endpoint, "clicks", new ProducerOptions { AggregateSizeMax = 300 }, new Random(1), time, Stopping);
        for (int i = 0; i < 3000; i++)
        {
            if (i is 1000 or 2000)
            {
                await producer.FlushAsync();
                kinesis.Shards = HashKeyRange.Split(i / 250);
            }
            await producer.AddAsync($"key-{i % 30}", Arrivals.Payload(i / 30), Stopping);
        }
        await producer.FlushAsync();

        Assert.True(producer.KnowsShards);
        Assert.All(kinesis.NumbersByKey(), key => Assert.Equal(Enumerable.Range(0, 100), key.Value));
        Assert.Equal(8, kinesis.Stored.TakeLast(100).Select(stored => stored.Shard).Distinct().Count());
    }

    [Fact]
    public async Task Full_requests_hold_500_entries_when_there_are_keys_enough()
    {
        var time = new EagerTime();
        await using ScriptedKinesis kinesis = await ScriptedKinesis.StartAsync();
        using var endpoint = new KinesisEndpoint(kinesis.Url, 2, time);
        await using Producer producer = await Producer.StartAsync(endpoint, "clicks", new ProducerOptions { Connections = 2 }, new Random(1), time, Stopping);
        for (int i = 0; i < 20_000; i++)
            await producer.AddAsync($"key-{i}", Arrivals.Payload(i), Stopping);
        await producer.FlushAsync();

        Assert.Equal((20_000, PutBatch.EntriesMax), (kinesis.Stored.Count, kinesis.MostAtOnce));
    }

    [Fact]
    public async Task To_abandon_ends_what_waits()
    {
        var time = new FakeTimeProvider();
        await using ScriptedKinesis kinesis = await ScriptedKinesis.StartAsync();
        kinesis.Refused.Add("a");
        using var endpoint = new KinesisEndpoint(kinesis.Url, 1, time);
        using var abandon = new CancellationTokenSource();
        await using Producer producer = await Producer.StartAsync(endpoint, "clicks", new ProducerOptions(), new Random(1), time, abandon.Token);
        await producer.AddAsync("a", Arrivals.Payload(0), Stopping);
        Task flushing = producer.FlushAsync();

        await abandon.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => flushing);
    }

    private static IEnumerable<int> PrefixOf(string key, int count) =>
        Enumerable.Range(0, 100_000).Where(i => i % 100 != 7 && $"key-{i % 10}" == key).Take(count);

    /// <summary>Real requests take real time; nothing here waits for a clock.</summary>
    private static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            Stopping.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
