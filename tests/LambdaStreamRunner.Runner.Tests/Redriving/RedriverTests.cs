using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.Redriving;
using LambdaStreamRunner.Runner.Tests.Hosting;

namespace LambdaStreamRunner.Runner.Tests.Redriving;

/// <summary>Discarded batches, read again over HTTP from a runner that is up.</summary>
public sealed class RedriverTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("redrive-").FullName;

    private string File => Path.Combine(_folder, "failed.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_batch_comes_once_more_as_it_was()
    {
        await using StreamRunner runner = await DiscardAsync(settings => settings with { BatchSize = 3 }, records: 7);
        List<string> seen = [];

        RedriveResult[] results = await RedriveAsync(runner, settings => settings with { BatchSize = 3 }, clicks => seen.Add(string.Join(' ', clicks.Records.Select(record => record.Kinesis.Text))));

        Assert.Equal("1 2 3 4 5 6 7", string.Join(' ', seen));
        Assert.Equal(7, results.Sum(result => result.Succeeded));
        Assert.All(results, result => Assert.Equal((0, 0, 0, null, null), (result.Failed, result.NotSent, result.Missing, result.Warning, result.Error)));
    }

    [Fact]
    public async Task With_lanes_each_batch_is_picked_out_of_its_range()
    {
        Func<EventSourceMapping, EventSourceMapping> lanes = settings => settings with { BatchSize = 50, ParallelizationFactor = 5, MaximumBatchingWindow = TimeSpan.FromSeconds(300) };
        await using StreamRunner runner = await DiscardAsync(lanes, records: 100, keys: 40);
        List<string> seen = [];

        RedriveResult[] results = await RedriveAsync(runner, lanes, clicks => seen.AddRange(clicks.Records.Select(record => record.Kinesis.Text)));

        Assert.InRange(results.Length, 2, 10);
        Assert.All(results, result => Assert.Equal((result.Document.BatchSize, null), (result.Succeeded, result.Warning)));
        Assert.Equal(Enumerable.Range(1, 100), seen.Select(int.Parse).Order());
    }

    [Fact]
    public async Task What_fails_again_is_told_and_what_follows_it_stays_behind()
    {
        await using StreamRunner runner = await DiscardAsync(settings => settings with { BatchSize = 10, MaximumBatchingWindow = TimeSpan.FromSeconds(300) }, records: 6);

        RedriveResult result = Assert.Single(await RedriveAsync(runner, settings => settings with { BatchSize = 2 }, clicks =>
        {
            if (clicks.Records.Any(record => record.Kinesis.Text == "3"))
                throw new FormatException("Again.");
        }));

        Assert.Equal((2, 2, 2), (result.Succeeded, result.Failed, result.NotSent));
        Assert.Contains("Again.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_that_left_the_stream_are_missing()
    {
        await using StreamRunner runner = await DiscardAsync(settings => settings with { BatchSize = 10, MaximumBatchingWindow = TimeSpan.FromSeconds(300) }, records: 6);
        DiscardedDocument document = Assert.Single(Documents());
        using var redriver = new Redriver(ConfigurationOf(settings => settings, _ => { }).Configuration, runner.Endpoint!.AbsoluteUri, TimeProvider.System);

        RedriveResult found = await redriver.FindAsync(document with { BatchSize = 8 }, TestContext.Current.CancellationToken);

        Assert.Equal((6, 2), (found.Records.Length, found.Missing));
    }

    [Fact]
    public async Task A_stream_that_lives_elsewhere_is_read_there_unless_another_endpoint_is_named()
    {
        await using StreamRunner runner = await DiscardAsync(settings => settings with { BatchSize = 10, MaximumBatchingWindow = TimeSpan.FromSeconds(300) }, records: 6);
        StreamRunnerOptions remote = new StreamRunnerOptions()
            .AddStream("clicks", change: stream => stream with { Endpoint = runner.Endpoint!.AbsoluteUri })
            .AddFunction("Clicks", new Action<ClickEvent>(_ => { }))
            .AddMapping("clicks", "Clicks");
        using var there = new Redriver(remote.Configuration, endpoint: null, TimeProvider.System);
        using var nowhere = new Redriver(remote.Configuration, "http://127.0.0.1:1", TimeProvider.System);

        RedriveResult found = await there.FindAsync(Assert.Single(Documents()), TestContext.Current.CancellationToken);

        Assert.Equal(6, found.Records.Length);
        await Assert.ThrowsAsync<IOException>(() => nowhere.FindAsync(Documents()[0], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_payload_needs_no_stream()
    {
        MappingConfiguration mapping = ConfigurationOf(settings => settings, _ => { }).Configuration.Mappings[0];
        StreamRecord record = StreamRecord.Create("ä", "1"u8, SequenceNumber.Create(1_767_225_600, 0, 1, 1_767_225_601), DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_601_234));
        byte[] payload = new byte[EventWriters.Of(mapping, "shardId-000000000000").Measure([record])];
        EventWriters.Of(mapping, "shardId-000000000000").Write([record], payload);
        var written = new ArrayBufferWriter<byte>();
        new DiscardedBatchWriter(mapping.Function.Arn, mapping.SourceArn, "shardId-000000000000").Write(
            new DiscardedBatch([record], DiscardReason.RetryAttemptsExhausted, Guid.NewGuid(), 1, null, record.Arrival), payload, written);
        List<string> seen = [];

        StreamRunnerOptions options = ConfigurationOf(settings => settings, clicks => seen.AddRange(clicks.Records.Select(one => $"{one.Kinesis.PartitionKey} {one.Kinesis.Text}")));
        RedriveResult result = Assert.Single(await RedriveAsync("http://127.0.0.1:1", options, DiscardedDocument.ReadAll(written.WrittenSpan)));

        Assert.Equal(1, result.Succeeded);
        Assert.Equal(["ä 1"], seen);
        Assert.Equal(record.ArrivalMilliseconds, result.Records[0].ArrivalMilliseconds);
    }

    [Fact]
    public async Task A_stream_that_is_not_there_is_an_IOException()
    {
        await using StreamRunner runner = await DiscardAsync(settings => settings, records: 1);
        using var redriver = new Redriver(ConfigurationOf(settings => settings, _ => { }).Configuration, runner.Endpoint!.AbsoluteUri, TimeProvider.System);
        runner.Streams.Delete("clicks");

        IOException refusal = await Assert.ThrowsAsync<IOException>(() => redriver.FindAsync(Documents()[0], TestContext.Current.CancellationToken));

        Assert.Contains("ResourceNotFoundException", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_of_another_mapping_is_refused_and_the_known_ones_are_named()
    {
        using var redriver = new Redriver(ConfigurationOf(settings => settings, _ => { }).Configuration, "http://127.0.0.1:1", TimeProvider.System);

        RedriveException refusal = Assert.Throws<RedriveException>(() => redriver.MappingOf(Document("Other")));

        Assert.Contains("arn:aws:kinesis:us-east-1:000000000000:stream/clicks to arn:aws:lambda:us-east-1:000000000000:function:Clicks", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_state_of_a_tumbling_window_is_gone_so_its_batches_are_refused()
    {
        using var redriver = new Redriver(
            ConfigurationOf(settings => settings with { TumblingWindow = TimeSpan.FromSeconds(30) }, _ => { }).Configuration, "http://127.0.0.1:1", TimeProvider.System);

        Assert.Contains("tumbling windows", Assert.Throws<RedriveException>(() => redriver.MappingOf(Document("Clicks"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "Document 1 is none of a discarded batch")]
    [InlineData("no JSON", "Document 1 is none of a discarded batch")]
    [InlineData("""{"KinesisBatchInfo":{"shardId":"s","streamArn":"a"}}""", "end of a tumbling window")]
    [InlineData("""{"KinesisBatchInfo":{"startSequenceNumber":1}}""", "Document 1 is none of a discarded batch")]
    public void What_is_no_document_is_refused(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<RedriveException>(() => DiscardedDocument.ReadAll(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);

    // Every batch fails once and is discarded into the file.
    private async Task<StreamRunner> DiscardAsync(Func<EventSourceMapping, EventSourceMapping> change, int records, int keys = 1)
    {
        StreamRunnerOptions options = ConfigurationOf(settings => change(settings) with { MaximumRetryAttempts = 0 }, _ => throw new FormatException("All fail."));
        (options.Port, options.Speed) = (0, 1000);
        StreamRunner runner = await TestRunner.StartedAsync(options);
        for (int number = 1; number <= records; number++)
            runner.Put("clicks", $"key-{number % keys}", $"{number}");
        await runner.DrainAsync();
        return runner;
    }

    private Task<RedriveResult[]> RedriveAsync(StreamRunner runner, Func<EventSourceMapping, EventSourceMapping> change, Action<ClickEvent> handler) =>
        RedriveAsync(runner.Endpoint!.AbsoluteUri, ConfigurationOf(change, handler), Documents());

    private static async Task<RedriveResult[]> RedriveAsync(string endpoint, StreamRunnerOptions options, ImmutableArray<DiscardedDocument> documents)
    {
        await using var functions = new FunctionCatalog(TimeProvider.System, FunctionListener.Silent, options.Handlers);
        using var redriver = new Redriver(options.Configuration, endpoint, TimeProvider.System);
        List<RedriveResult> results = [];
        foreach (DiscardedDocument document in documents)
            results.Add(await redriver.SendAsync(await redriver.FindAsync(document, TestContext.Current.CancellationToken), functions, TestContext.Current.CancellationToken));
        return [.. results];
    }

    private StreamRunnerOptions ConfigurationOf(Func<EventSourceMapping, EventSourceMapping> change, Action<ClickEvent> handler) => new StreamRunnerOptions()
        .AddStream("clicks")
        .AddFunction("Clicks", handler)
        .AddMapping("clicks", "Clicks", change, new OnFailureDestination.File(File));

    private ImmutableArray<DiscardedDocument> Documents() => DiscardedDocument.ReadAll(System.IO.File.ReadAllBytes(File));

    private static DiscardedDocument Document(string function) => new(
        $"arn:aws:lambda:us-east-1:000000000000:function:{function}", "arn:aws:kinesis:us-east-1:000000000000:stream/clicks", "shardId-000000000000", default, default, 1);
}
