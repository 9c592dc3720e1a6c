using System.Text;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Storage;

namespace LambdaStreamRunner.StreamServer.Tests.Storage;

/// <summary>What is on disk is what was acknowledged, and goes on from there.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly StoredStreams _stored = new();

    [Fact]
    public void Whoever_came_second_with_a_name_does_not_come_back_as_the_stream_of_that_name()
    {
        using var stored = new StoredStreams(options: new EmbeddedStreamsOptions { CreatingDelay = TimeSpan.FromSeconds(5) });
        stored.Streams.Create(StoredStreams.Name, 1);
        Assert.Throws<KinesisException>(() => stored.Streams.Create(StoredStreams.Name, 7));
        stored.Time.Advance(TimeSpan.FromSeconds(10));

        stored.Restart();

        Assert.Single(stored.Stream.Records.Shards);
    }

    [Fact]
    public void Records_are_the_same_after_a_restart()
    {
        EmbeddedStream stream = _stored.Streams.Create(StoredStreams.Name, 1);
        for (int i = 0; i < 100; i++)
        {
            stream.Put($"key {i % 7}", Encoding.UTF8.GetBytes($"data {i}"));
            _stored.Time.Advance(TimeSpan.FromMilliseconds(i));
        }
        stream.Put("empty", ReadOnlyMemory<byte>.Empty);
        StreamRecord[] before = _stored.ReadAll();

        _stored.Restart();

        Assert.Equal(101, before.Length);
        Assert.Equal(before.Select(Described), _stored.ReadAll().Select(Described));
    }

    [Fact]
    public void Sequence_numbers_go_on_above_the_old_ones_also_when_the_clock_went_back()
    {
        EmbeddedStream stream = _stored.Streams.Create(StoredStreams.Name, 3);
        SequenceNumber[] before = [.. Enumerable.Range(0, 30).Select(i => stream.Put($"{i}", "x"u8.ToArray()).SequenceNumber)];

        _stored.Restart(_stored.Time.GetUtcNow() - TimeSpan.FromHours(5));

        PutResult[] after = [.. Enumerable.Range(0, 30).Select(i => _stored.Stream.Put($"{i}", "x"u8.ToArray()))];
        Assert.All(after.Zip(before), pair => Assert.True(pair.First.SequenceNumber > pair.Second));
        Assert.Equal(60, Enumerable.Range(0, 3).Sum(shard => _stored.ReadAll(shard).Length));
        Assert.All(Enumerable.Range(0, 3), shard => AssertAscending(_stored.ReadAll(shard)));
    }

    [Fact]
    public async Task Sequence_numbers_go_on_above_the_old_ones_when_everything_was_trimmed()
    {
        SequenceNumber before = _stored.Streams.Create(StoredStreams.Name, 1).Put("key", "x"u8.ToArray()).SequenceNumber;
        _stored.Time.Advance(TimeSpan.FromHours(25));
        await _stored.Streams.TrimStoredAsync();

        _stored.Restart(_stored.Time.GetUtcNow() - TimeSpan.FromHours(24));

        Assert.Empty(_stored.ReadAll());
        PutResult after = _stored.Stream.Put("key", "y"u8.ToArray());
        Assert.True(after.SequenceNumber > before);
        Assert.Equal(2, after.Shard.RecordCount);
        Assert.Equal([after.SequenceNumber], _stored.ReadAll().Select(record => record.SequenceNumber));
    }

    [Fact]
    public void Shards_and_settings_are_the_same_after_a_restart()
    {
        EmbeddedStream stream = _stored.Streams.Create(StoredStreams.Name, 2);
        stream.Put("a", "1"u8.ToArray());
        stream.BeginUpdate(() => new Reshard.Split(1, stream.Records.Shards[1].HashKeyRange.StartingHashKey + 1000));
        stream.BeginUpdate(() => new Reshard.Merge(0, 2));
        stream.Change(settings => settings with
        {
            RetentionPeriodHours = 48,
            KeyId = "alias/key",
            Encrypted = settings.Encrypted.Change(true, _stored.Time.GetUtcNow(), _stored.Time.GetUtcNow()),
            Limits = StreamLimits.Aws,
            Tags = settings.Tags.Add("b", "2").Add("a", "1").Add("B", "3"),
            Consumers = [new StreamConsumer("reader", _stored.Time.GetUtcNow())],
        });
        string[] shards = [.. stream.Records.Shards.Select(Described)];
        StreamSettings settings = stream.Settings;

        _stored.Restart();

        Assert.Equal(shards, _stored.Stream.Records.Shards.Select(Described));
        Assert.Equal(["B", "a", "b"], _stored.Stream.Settings.Tags.Keys);
        Assert.Equal(settings.Consumers[0].ArnOn(stream), _stored.Stream.Settings.Consumers[0].ArnOn(_stored.Stream));
        Assert.Equal((48, "alias/key"), (_stored.Stream.Settings.RetentionPeriodHours, _stored.Stream.Settings.KeyId));
        Assert.Equal(settings.Encrypted.Changes, _stored.Stream.Settings.Encrypted.Changes);
        Assert.True(_stored.Stream.Settings.Encrypted.Include(_stored.Time.GetUtcNow().ToUnixTimeMilliseconds()));
        Assert.Equal(StreamLimits.Aws, _stored.Stream.Settings.Limits);
        Assert.Equal(TimeSpan.FromHours(48), _stored.Stream.Records.Retention);
        Assert.Equal(stream.Records.Created, _stored.Stream.Records.Created);
        Assert.Equal(2, _stored.Stream.Records.OpenShardCount);
    }

    [Fact]
    public void A_closed_shard_ends_for_its_readers_after_a_restart_too()
    {
        EmbeddedStream stream = _stored.Streams.Create(StoredStreams.Name, 1);
        stream.Put("a", "1"u8.ToArray());
        stream.BeginUpdate(() => new Reshard.Update(2));

        _stored.Restart();

        ShardRead read = _stored.Stream.Read(new ShardReader(_stored.Stream.Records.Shards[0]), ShardPosition.TrimHorizon, 10);
        Assert.Equal(1, read.Records.Length);
        Assert.True(read.EndOfShard);
        Assert.All(_stored.Stream.Records.Shards[1..], child => Assert.Same(_stored.Stream.Records.Shards[0], child.Parent));
    }

    [Fact]
    public void A_deleted_stream_does_not_come_back_and_a_new_one_of_its_name_is_empty()
    {
        _stored.Streams.Create(StoredStreams.Name, 1).Put("a", "1"u8.ToArray());
        _stored.Streams.Delete(StoredStreams.Name);
        _stored.Restart();
        Assert.Empty(_stored.Streams.All);

        _stored.Streams.Create(StoredStreams.Name, 1);
        _stored.Restart();
        Assert.Empty(_stored.ReadAll());
    }

    [Fact]
    public void Latest_after_a_restart_is_behind_the_old_records()
    {
        _stored.Streams.Create(StoredStreams.Name, 1).Put("a", "1"u8.ToArray());
        _stored.Restart();
        Shard shard = _stored.Stream.Records.Shards[0];
        ShardPosition latest = shard.Resolve(ShardPosition.Latest);
        Assert.Equal(0, _stored.Stream.CountFrom(new ShardReader(shard), latest));
        Assert.Equal(1, _stored.Stream.CountFrom(new ShardReader(shard), ShardPosition.TrimHorizon));

        SequenceNumber number = _stored.Stream.Put("a", "2"u8.ToArray()).SequenceNumber;

        Assert.Equal([number], _stored.Read(latest).Select(record => record.SequenceNumber));
    }

    [Fact]
    public void Iterators_are_good_after_a_restart()
    {
        EmbeddedStream stream = _stored.Streams.Create(StoredStreams.Name, 1);
        string token = _stored.Streams.Tokens.Seal("place"u8);

        _stored.Restart();

        Assert.True(_stored.Streams.Tokens.TryOpen(token, out _, out byte[] content));
        Assert.Equal("place"u8.ToArray(), content);
        Assert.Equal(stream.Arn, _stored.Stream.Arn);
    }

    [Fact]
    public void Numbers_ascend_from_parents_to_children_also_when_the_clock_went_back_between()
    {
        EmbeddedStream stream = _stored.Streams.Create(StoredStreams.Name, 1);
        List<SequenceNumber> numbers = [stream.Put("key", "x"u8.ToArray()).SequenceNumber];
        foreach (int shards in (int[])[2, 1, 3, 2])
        {
            _stored.Restart(_stored.Time.GetUtcNow() - TimeSpan.FromHours(1));
            numbers.Add(_stored.Stream.Put("key", "x"u8.ToArray()).SequenceNumber);
            _stored.Stream.BeginUpdate(() => new Reshard.Update(shards));
            numbers.Add(_stored.Stream.Put("key", "x"u8.ToArray()).SequenceNumber);
        }

        Assert.Equal(numbers.Order(), numbers);
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
    }

    [Theory]
    [InlineData(0)]                                           // seconds that pass while no process runs
    [InlineData(60)]
    public void CREATING_UPDATING_and_DELETING_go_on_after_a_restart(int away)
    {
        var delay = TimeSpan.FromSeconds(10);
        using var stored = new StoredStreams(options: new EmbeddedStreamsOptions { CreatingDelay = delay, UpdatingDelay = delay, DeletingDelay = delay });
        stored.Streams.Create(StoredStreams.Name, 1);
        Resume(StreamStatus.Creating, StreamStatus.Active);

        stored.Stream.BeginUpdate(() => new Reshard.Update(4));
        Resume(StreamStatus.Updating, StreamStatus.Active);
        Assert.Equal(4, stored.Stream.Records.OpenShardCount);

        stored.Streams.Delete(StoredStreams.Name);
        Resume(StreamStatus.Deleting, after: null);
        stored.Restart();
        Assert.Empty(stored.Streams.All);

        void Resume(StreamStatus during, StreamStatus? after)
        {
            stored.Restart(stored.Time.GetUtcNow() + TimeSpan.FromSeconds(away));
            if (away == 0)
            {
                Assert.Equal(during, stored.Stream.Status);
                stored.Time.Advance(delay);
            }
            Assert.Equal(after, stored.Streams.TryGet(StoredStreams.Name, out EmbeddedStream? stream) ? stream.Status : null);
        }
    }

    public void Dispose() => _stored.Dispose();

    private static void AssertAscending(StreamRecord[] records) =>
        Assert.All(records.Zip(records.Skip(1)), pair => Assert.True(pair.First.SequenceNumber < pair.Second.SequenceNumber));

    private static string Described(StreamRecord record) =>
        $"{record} {record.KeyHash} {record.ArrivalMilliseconds} {record.EventLength} {Convert.ToHexString(record.Data.Span)}";

    private static string Described(Shard shard) =>
        $"{shard.Id} {shard.HashKeyRange} {shard.StartingSequenceNumber} {shard.EndingSequenceNumber} {shard.Parent} {shard.AdjacentParent} {shard.RecordCount}";
}
