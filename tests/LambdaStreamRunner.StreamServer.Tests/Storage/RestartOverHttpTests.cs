using System.Text;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Storage;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.StreamServer.Tests.Storage;

/// <summary>What a client sees of a restart: nothing, but that it took a while.</summary>
public sealed class RestartOverHttpTests : IAsyncLifetime
{
    private static readonly EmbeddedStreamsOptions Slow = new()
    {
        CreatingDelay = TimeSpan.FromSeconds(10),
        UpdatingDelay = TimeSpan.FromSeconds(10),
        DeletingDelay = TimeSpan.FromSeconds(10),
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lambda-stream-test-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private StreamStore _store = null!;
    private KinesisServer _server = null!;

    public async ValueTask InitializeAsync() => await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(15)]
    public async Task A_stream_that_was_CREATING_becomes_ACTIVE_when_it_is_due(int secondsDown)
    {
        await _server.CallAsync("CreateStream", new { StreamName = "clicks", ShardCount = 2 });
        _time.Advance(TimeSpan.FromSeconds(3));

        await RestartAsync(secondsDown);
        if (secondsDown < 7)
        {
            Assert.Equal(("CREATING", 0), await DescribeAsync());
            _time.Advance(TimeSpan.FromSeconds(7 - secondsDown));
        }

        Assert.Equal(("ACTIVE", 2), await DescribeAsync());
        await _server.CallAsync("PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "k" });
    }

    [Theory]
    [InlineData(4)]
    [InlineData(15)]
    public async Task A_reshard_that_was_begun_is_done_when_it_is_due(int secondsDown)
    {
        await CreateAsync();
        await _server.CallAsync("SplitShard", new { StreamName = "clicks", ShardToSplit = "shardId-000000000000", NewStartingHashKey = "9" });
        await _server.CallAsync("PutRecord", new { StreamName = "clicks", Data = "YQ==", PartitionKey = "k" });
        _time.Advance(TimeSpan.FromSeconds(3));

        await RestartAsync(secondsDown);
        if (secondsDown < 7)
        {
            Assert.Equal(("UPDATING", 1), await DescribeAsync());
            await _server.CallAsync("PutRecord", new { StreamName = "clicks", Data = "Yg==", PartitionKey = "k" });
            _time.Advance(TimeSpan.FromSeconds(7 - secondsDown));
        }

        Assert.Equal(("ACTIVE", 3), await DescribeAsync());
        JsonElement end = await _server.CallAsync("GetRecords", new { ShardIterator = await _server.IteratorAsync("clicks", "TRIM_HORIZON") });
        Assert.Equal((secondsDown < 7 ? 2 : 1, 2), (end.GetProperty("Records").GetArrayLength(), end.GetProperty("ChildShards").GetArrayLength()));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(15)]
    public async Task A_stream_that_was_DELETING_is_gone_when_it_is_due(int secondsDown)
    {
        await CreateAsync();
        await _server.CallAsync("DeleteStream", new { StreamName = "clicks" });
        _time.Advance(TimeSpan.FromSeconds(3));

        await RestartAsync(secondsDown);
        if (secondsDown < 7)
        {
            Assert.Equal(("DELETING", 0), await DescribeAsync());
            _time.Advance(TimeSpan.FromSeconds(7 - secondsDown));
        }

        Assert.StartsWith("ResourceNotFoundException", await _server.RefusedAsync("DescribeStream", new { StreamName = "clicks" }), StringComparison.Ordinal);
        await RestartAsync(0);
        Assert.Empty(_server.Streams.All);
    }

    [Fact]
    public async Task An_iterator_from_before_reads_on_where_it_stood_until_it_is_five_minutes_old()
    {
        await CreateAsync();
        await PutAsync("one");
        string horizon = await _server.IteratorAsync("clicks", "TRIM_HORIZON");
        string latest = await _server.IteratorAsync("clicks", "LATEST");
        await PutAsync("two");

        await RestartAsync(60);
        await PutAsync("three");

        Assert.Equal(["one", "two", "three"], await ReadAsync(horizon));
        Assert.Equal(["two", "three"], await ReadAsync(latest));
        _time.Advance(TimeSpan.FromMinutes(4) + TimeSpan.FromSeconds(1));
        Assert.StartsWith("ExpiredIteratorException", await _server.RefusedAsync("GetRecords", new { ShardIterator = latest }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_past_retention_stays_away_when_the_retention_is_longer_after_a_restart()
    {
        await CreateAsync();
        await PutAsync("old");
        _time.Advance(TimeSpan.FromHours(25));
        await _server.CallAsync("IncreaseStreamRetentionPeriod", new { StreamName = "clicks", RetentionPeriodHours = 48 });

        await RestartAsync(1);
        await PutAsync("new");

        Assert.Equal(["new"], await ReadAsync(await _server.IteratorAsync("clicks", "TRIM_HORIZON")));
    }

    private async Task CreateAsync()
    {
        await _server.CallAsync("CreateStream", new { StreamName = "clicks", ShardCount = 1 });
        _time.Advance(TimeSpan.FromSeconds(10));
    }

    private async Task PutAsync(string text) =>
        await _server.CallAsync("PutRecord", new { StreamName = "clicks", Data = Encoding.UTF8.GetBytes(text), PartitionKey = "k" });

    private async Task<string[]> ReadAsync(string iterator) =>
        [.. (await _server.CallAsync("GetRecords", new { ShardIterator = iterator })).GetProperty("Records").EnumerateArray()
            .Select(record => Encoding.UTF8.GetString(record.GetProperty("Data").GetBytesFromBase64()))];

    private async Task<(string? Status, int Shards)> DescribeAsync()
    {
        JsonElement description = (await _server.CallAsync("DescribeStream", new { StreamName = "clicks" })).GetProperty("StreamDescription");
        return (description.GetProperty("StreamStatus").GetString(), description.GetProperty("Shards").GetArrayLength());
    }

    private async Task RestartAsync(int secondsDown)
    {
        await StopAsync();
        _time.Advance(TimeSpan.FromSeconds(secondsDown));
        await StartAsync();
    }

    private async Task StartAsync()
    {
        _store = StreamStore.Open(new StorageOptions(_folder.FullName));
        _server = await KinesisServer.StartAsync(Slow, _time, store: _store);
    }

    private async Task StopAsync()
    {
        await _server.DisposeAsync();
        _server.Streams.Stop();
        _store.Dispose();
    }
}
