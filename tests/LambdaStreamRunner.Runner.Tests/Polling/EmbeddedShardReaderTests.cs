using System.Buffers;
using System.Text;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Polling;
using LambdaStreamRunner.StreamServer;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Polling;

public class EmbeddedShardReaderTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly EmbeddedStreams _streams;
    private readonly EmbeddedStream _stream;
    private readonly EmbeddedShardReader _reader;

    public EmbeddedShardReaderTests()
    {
        _streams = new EmbeddedStreams(new EmbeddedStreamsOptions(), _time, _time);
        _stream = _streams.Create("clicks", 1);
        _reader = new EmbeddedShardReader(_stream, _stream.Records.Shards[0]);
    }

    [Fact]
    public async Task A_read_that_waits_is_answered_by_the_next_record()
    {
        Task<ShardReadResult> read = ReadAsync(Request(wait: true));
        Assert.False(read.IsCompleted);

        Put("one");

        Assert.Equal(["one"], TextsOf(await read));
    }

    [Fact]
    public async Task A_read_that_does_not_wait_may_find_nothing()
    {
        ShardReadResult read = await ReadAsync(Request(wait: false));

        Assert.True(read.Records.IsEmpty);
        Assert.False(read.IsEnd);
    }

    [Fact]
    public async Task A_read_that_waits_can_be_called_away()
    {
        using var stopping = new CancellationTokenSource();
        Task<ShardReadResult> read = _reader.ReadAsync(Request(wait: true), stopping.Token).AsTask();

        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Fact]
    public async Task The_cursors_read_each_for_itself()
    {
        foreach (string text in (string[])["one", "two", "three"])
            Put(text);
        ShardReadResult first = await ReadAsync(Request(limit: 2));
        ShardPosition after = ShardPosition.After(first.Records.FirstSpan[1].SequenceNumber);

        ShardReadResult catchUp = await ReadAsync(new ShardDecision.ReadRecords(ReadCursor.CatchUp, ShardPosition.TrimHorizon, 1, WaitForRecords: false));
        ShardReadResult second = await ReadAsync(new ShardDecision.ReadRecords(ReadCursor.Main, after, 10, WaitForRecords: false));

        Assert.Equal(["one", "two", "one", "three"], [.. TextsOf(first), .. TextsOf(catchUp), .. TextsOf(second)]);
        Assert.Equal((3, 1), (_reader.CountFrom(ShardPosition.TrimHorizon), _reader.CountFrom(after)));
    }

    [Fact]
    public async Task A_stream_that_is_deleted_fails_who_waits()
    {
        Task<ShardReadResult> read = ReadAsync(Request(wait: true));

        _streams.Delete("clicks");

        var deleted = await Assert.ThrowsAsync<ReadRefusedException>(() => read);
        Assert.Equal("stream 'clicks' was deleted", deleted.Message);
        Assert.Equal(0, _reader.CountFrom(ShardPosition.TrimHorizon));
    }

    private static ShardDecision.ReadRecords Request(int limit = 10, bool wait = false) => new(ReadCursor.Main, ShardPosition.TrimHorizon, limit, wait);

    private Task<ShardReadResult> ReadAsync(ShardDecision.ReadRecords request) =>
        _reader.ReadAsync(request, TestContext.Current.CancellationToken).AsTask();

    private void Put(string text) => _stream.Put("a", Encoding.UTF8.GetBytes(text));

    private static string[] TextsOf(ShardReadResult read) => [.. read.Records.ToArray().Select(record => Encoding.UTF8.GetString(record.Data.Span))];
}
