using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Destinations;

namespace LambdaStreamRunner.Runner.Tests.Destinations;

public sealed class FileDestinationTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("destination-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_batch_is_one_line_of_JSON()
    {
        string file = Path.Combine(_folder, "failed.jsonl");
        FileDestination destination = To(file);

        await destination.DeliverAsync(BatchOf(1), TestContext.Current.CancellationToken);
        await destination.DeliverAsync(BatchOf(2, error: "a message\nof two lines"), TestContext.Current.CancellationToken);

        string text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.Equal([1, 2], text.TrimEnd('\n').Split('\n').Select(SizeIn));
    }

    [Fact]
    public async Task Folders_are_created()
    {
        string file = Path.Combine(_folder, "a", "b", "failed.jsonl");

        await To(file).DeliverAsync(BatchOf(1), TestContext.Current.CancellationToken);

        Assert.Single(await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_in_the_file_already_stays()
    {
        string file = Path.Combine(_folder, "failed.jsonl");
        await File.WriteAllTextAsync(file, "before\n", TestContext.Current.CancellationToken);

        await To(file).DeliverAsync(BatchOf(1), TestContext.Current.CancellationToken);

        Assert.Equal("before", (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken))[0]);
    }

    [Fact]
    public async Task Many_shards_that_write_one_file_at_the_same_time_do_not_tear_each_others_lines()
    {
        const int Writers = 16, BatchesPerWriter = 25;
        string file = Path.Combine(_folder, "failed.jsonl");
        string sameFile = Path.Combine(_folder, "x", "..", "failed.jsonl");

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            FileDestination destination = To(writer % 2 == 0 ? file : sameFile);
            for (int batch = 0; batch < BatchesPerWriter; batch++)
                await destination.DeliverAsync(BatchOf(1 + (writer % 5), error: new string('x', 5000)), TestContext.Current.CancellationToken);
        })));

        string[] lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(Writers * BatchesPerWriter, lines.Length);
        Assert.All(lines, line => Assert.InRange(SizeIn(line), 1, 5));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_an_IOException()
    {
        string blocked = Path.Combine(_folder, "a file");
        await File.WriteAllTextAsync(blocked, "", TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<IOException>(() => To(Path.Combine(blocked, "failed.jsonl")).DeliverAsync(BatchOf(1), TestContext.Current.CancellationToken));
    }

    private static FileDestination To(string file) => new(file, new DiscardedBatchWriter(
        "arn:aws:lambda:us-east-1:000000000000:function:Clicks", "arn:aws:kinesis:us-east-1:000000000000:stream/clicks", "shardId-000000000000"));

    private static DiscardedBatch BatchOf(int records, string error = "boom") => new(
        [.. Enumerable.Range(1, records).Select(number => StreamRecord.Create("a", Encoding.UTF8.GetBytes("x"), SequenceNumber.Create(0, 0, (ulong)number, 0), Time))],
        DiscardReason.RetryAttemptsExhausted, Guid.NewGuid(), 1, new DiscardedResponse("Unhandled", error), Time);

    private static int SizeIn(string line) => JsonDocument.Parse(line).RootElement.GetProperty("KinesisBatchInfo").GetProperty("batchSize").GetInt32();
}
