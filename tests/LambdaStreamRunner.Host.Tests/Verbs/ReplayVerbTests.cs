using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Testing;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary><c>run --journal</c> and <c>replay</c>: what was seen live is seen again, and judged.</summary>
public sealed class ReplayVerbTests : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddSeconds(1_767_225_600);

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_run_is_replayed_from_its_journal_with_the_figures_of_its_summary()
    {
        string config = _workspace.Configure("ThrowOnPoison", new()
        {
            ["BatchSize"] = 10,
            ["ParallelizationFactor"] = 3,
            ["BisectBatchOnFunctionError"] = true,
            ["MaximumRetryAttempts"] = 0,
            ["DestinationConfig"] = new { OnFailure = new { Destination = "file:failed.jsonl" } },
        });
        _workspace.WriteLines("lines", Enumerable.Range(1, 60).Select(n => n == 33 ? "poison" : $"key-{n % 7}"));
        (int ran, string summary, string error) = await LambdaStream.RunAsync(
            _workspace, "run", "--config", config, "--port", "0", "--input", "lines", "--stream", "clicks", "--partition-key", "/(.*)/",
            "--until-drained", "--json", "--journal", "run.journal");
        Assert.True(ran == 1, error);                         // the poison was discarded
        Assert.Equal(3, error.Split($"lambda-stream replay {_workspace.PathOf("run.journal")}").Length);     // at the beginning and at the end

        (int exitCode, string json, string complaints) = await LambdaStream.RunAsync(_workspace, "replay", "run.journal", "--json");

        Assert.True(exitCode == 0, complaints + json);
        JsonElement run = LambdaStream.MappingOf(summary);
        JsonElement replayed = Assert.Single(JsonSerializer.Deserialize<JsonElement>(json).GetProperty("mappings").EnumerateArray());
        foreach (string name in (string[])["records", "discarded", "unsettled", "invocations", "failedInvocations", "throttles"])
            Assert.Equal(LambdaStream.Count(run, name), LambdaStream.Count(replayed, name));
        Assert.Equal(10, replayed.GetProperty("settings").GetProperty("BatchSize").GetInt32());
        Assert.Equal("clicks → Clicks", replayed.GetProperty("name").GetString());
        Assert.Equal(0, replayed.GetProperty("violationCount").GetInt32());
    }

    [Fact]
    public async Task A_bug_that_was_seen_in_a_run_becomes_a_test()
    {
        string config = _workspace.Configure("ThrowOnPoison", new() { ["BatchSize"] = 10, ["MaximumRetryAttempts"] = 0, ["BisectBatchOnFunctionError"] = true });
        _workspace.WriteLines("lines", Enumerable.Range(1, 60).Select(n => n == 33 ? "poison" : $"key-{n % 7}"));
        (int ran, _, string error) = await LambdaStream.RunAsync(
            _workspace, "run", "--config", config, "--port", "0", "--input", "lines", "--stream", "clicks", "--partition-key", "/(.*)/", "--until-drained", "--journal", "run.journal");
        Assert.True(ran == 1, error);

        StoredFailure seen = StreamTest.Replay(_workspace.PathOf("run.journal"), mapping: "clicks → Clicks");
        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(() => seen.For(_ => ThrowOnPoison).RunAsync());
        ExplorationResult mended = await seen.For(_ => void (Stream _) => { }).RunAsync();

        Assert.Equal(Delivery.NothingLost.Name, failure.Promise);
        Assert.Equal(["poison#1"], failure.Records);
        Assert.Equal(1, mended.Schedules);
        File.Delete(failure.ReplayFile!);
    }

    private static void ThrowOnPoison(Stream kinesisEvent)
    {
        string json = new StreamReader(kinesisEvent).ReadToEnd();
        if (json.Contains(Convert.ToBase64String("poison"u8), StringComparison.Ordinal))
            throw new InvalidOperationException("poison");
    }

    [Fact]
    public async Task A_journal_is_readable_up_to_where_its_run_was_killed()
    {
        string config = _workspace.Configure("Succeed", new() { ["BatchSize"] = 1 });
        await using (LambdaStream program = LambdaStream.Start(_workspace, "run", "--config", config, "--port", "0", "--journal", "run.journal"))
        {
            Uri endpoint = await program.EndpointAsync();
            (int put, _, string refused) = await LambdaStream.RunAsync(_workspace, "put", "--stream", "clicks", "--endpoint", endpoint.AbsoluteUri, "--generate", "2000", "--unordered");
            Assert.True(put == 0, refused);
            await program.SignalAsync("KILL");
            await program.ExitAsync();
        }
        await using (FileStream file = File.OpenWrite(_workspace.PathOf("run.journal")))
            file.SetLength(file.Length - 3);                  // where exactly it was cut is luck: here, inside of a line

        (int exitCode, string said, string error) = await LambdaStream.RunAsync(_workspace, "replay", "run.journal");

        Assert.True(exitCode == 0, error + said);
        Assert.Contains("The last line is torn: whoever wrote it was killed.", said, StringComparison.Ordinal);
        Assert.Contains("clicks → Clicks", said, StringComparison.Ordinal);
        Assert.Contains("Every guarantee that a history shows was kept.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_guarantee_is_pointed_at_in_the_time_line_and_makes_the_exit_code_1()
    {
        WriteHistory("failed.lambdastream", Overtaking());

        (int exitCode, string said, string error) = await LambdaStream.RunAsync(_workspace, "replay", "failed.lambdastream");

        Assert.True(exitCode == 1, error + said);
        Assert.StartsWith("failed.lambdastream: Orders.Keep_their_order, seed 42; 1 mapping, 8 steps.", said, StringComparison.Ordinal);
        Assert.Contains("""
              0.000  put    A#1 A#2          ·
              1.000  inv 1  [A#1]    lane 0         ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇✗ timeout 3s
              1.900  inv 2  [A#2]    lane 1                ▇▇▇▇✓ ok
                     <-- KeyInTwoBatches: inv 2 has record A#2 while inv 1 runs with the same key.
            """, said, StringComparison.Ordinal);
        Assert.Contains("1 broken guarantee:", said, StringComparison.Ordinal);
        Assert.Contains("KeyInTwoBatches at 1.900 s on shardId-000000000000: inv 2 has record A#2 while inv 1 runs with the same key.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_test_found_broken_is_shown_with_its_page_and_counts_once()
    {
        History history = Overtaking();
        var page = new Uri("https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html");
        WriteHistory("failed.lambdastream", history with
        {
            Mappings = [history.Mappings[0] with { Findings = [new HistoryFinding("Order per key", "The sum of A is wrong.", 6, page), new HistoryFinding("KeyInTwoBatches", "As found then.", 5, page)] }],
        });

        (int exitCode, string said, _) = await LambdaStream.RunAsync(_workspace, "replay", "failed.lambdastream");

        Assert.Equal(1, exitCode);
        Assert.Contains("2 broken guarantees:", said, StringComparison.Ordinal);
        Assert.Contains($"Order per key at 2.400 s on shardId-000000000000: The sum of A is wrong.{Environment.NewLine}    {page}", said, StringComparison.Ordinal);
        Assert.Contains("<-- Order per key: The sum of A is wrong.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_part_that_was_asked_for_is_shown_and_all_of_it_is_judged()
    {
        WriteHistory("failed.lambdastream", Overtaking());

        (int exitCode, string said, _) = await LambdaStream.RunAsync(_workspace, "replay", "failed.lambdastream", "--from", "3", "--key", "A");

        Assert.Equal(1, exitCode);
        Assert.Contains("inv 1", said, StringComparison.Ordinal);
        Assert.DoesNotContain("put ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_line_is_named_and_so_is_a_file_that_is_no_history()
    {
        WriteHistory("bad", Overtaking());
        await File.AppendAllTextAsync(_workspace.PathOf("bad"), "{\"step\":\"Exploded\",\"time\":\"2026-01-01T00:00:00Z\",\"shard\":\"s\"}\n", TestContext.Current.CancellationToken);
        _workspace.WriteLines("access.log", ["10.0.0.1 - -"]);

        (int badExit, _, string bad) = await LambdaStream.RunAsync(_workspace, "replay", "bad");
        (int otherExit, _, string other) = await LambdaStream.RunAsync(_workspace, "replay", "access.log");
        (int noneExit, _, string none) = await LambdaStream.RunAsync(_workspace, "replay", "nowhere");

        Assert.Equal((2, 2, 2), (badExit, otherExit, noneExit));
        Assert.StartsWith("bad: Line 11 has a \"step\" that is 'Exploded'", bad, StringComparison.Ordinal);
        Assert.StartsWith("access.log: Line 1 is no JSON", other, StringComparison.Ordinal);
        Assert.StartsWith("'nowhere' cannot be read", none, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_an_end_of_a_line_is_refused_from_its_first_kilobytes()
    {
        await using (FileStream file = File.OpenWrite(_workspace.PathOf("long")))
        {
            await file.WriteAsync("{\"lambdaStreamHistory\":1,\"title\":\""u8.ToArray(), TestContext.Current.CancellationToken);
            file.SetLength(1L << 40);                         // it takes no room, and nobody can read it whole
        }

        (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, "replay", "long");

        Assert.Equal(2, exitCode);
        Assert.StartsWith("long: Line 1 has no end within 64 KiB", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_never_ends_is_refused_before_it_fills_the_memory()
    {
        WriteHistory("long", Overtaking());
        await using (FileStream file = File.OpenWrite(_workspace.PathOf("long")))
            file.SetLength(1L << 40);

        (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, "replay", "long");

        Assert.Equal(2, exitCode);
        Assert.StartsWith("long: Line 11 has no end within 65,536 KiB", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_that_cannot_be_there_is_refused_by_name_with_what_is()
    {
        WriteHistory("failed.lambdastream", Overtaking());

        (int timesExit, _, string times) = await LambdaStream.RunAsync(_workspace, "replay", "failed.lambdastream", "--from", "10", "--to", "5");
        (int shardExit, _, string shard) = await LambdaStream.RunAsync(_workspace, "replay", "failed.lambdastream", "--shard", "nope");

        Assert.Equal((2, 2), (timesExit, shardExit));
        Assert.StartsWith("--from is 10 and --to is 5", times, StringComparison.Ordinal);
        Assert.StartsWith("--shard is 'nope', which is no shard of this history; there are: shardId-000000000000.", shard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_that_are_unsettled_at_the_end_are_told_with_the_verdict()
    {
        History history = Overtaking();
        WriteHistory("cut.journal", history with { Mappings = [history.Mappings[0] with { Steps = [.. history.Mappings[0].Steps.Take(5)] }] });

        (int exitCode, string said, _) = await LambdaStream.RunAsync(_workspace, "replay", "cut.journal");

        Assert.Equal(0, exitCode);
        Assert.Contains("Every guarantee that a history shows was kept. 2 records unsettled at its end, which is not judged.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_is_not_written_over_another_file()
    {
        string config = _workspace.Configure("Succeed");

        (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, "run", "--config", config, "--port", "0", "--journal", "runner.json");

        Assert.Equal(2, exitCode);
        Assert.Contains("--journal: The journal 'runner.json' is there and not empty, and is not overwritten", error, StringComparison.Ordinal);
    }

    private void WriteHistory(string name, History history) => File.WriteAllBytes(_workspace.PathOf(name), HistoryWriter.Write(history));

    // What a lane policy would do that sends a key to any free lane.
    private static History Overtaking()
    {
        const string Shard = "shardId-000000000000";
        StreamRecord[] records = [.. Enumerable.Range(1, 2).Select(n =>
            StreamRecord.Create("A", Encoding.UTF8.GetBytes($"{n}"), SequenceNumber.Create(Start.ToUnixTimeSeconds(), 0, (ulong)n, Start.ToUnixTimeSeconds()), Start))];
        Guid[] ids = [new(1, 0, 0, new byte[8]), new(2, 0, 0, new byte[8])];
        HistoryStep[] steps =
        [
            new HistoryStep.ShardCreated(Start, Shard, HashKeyRange.Full, []),
            new HistoryStep.MachineBegan(Start, Shard, new ShardCheckpoint(ShardPosition.TrimHorizon)),
            .. records.Select(record => new HistoryStep.RecordArrived(Start, Shard, record)),
            new HistoryStep.InvocationStarted(Start.AddSeconds(1), Shard, 0, ids[0], 1, records.AsMemory(0, 1)) { ClosedBy = FlushReason.Window },
            new HistoryStep.InvocationStarted(Start.AddSeconds(1.9), Shard, 1, ids[1], 1, records.AsMemory(1, 1)) { ClosedBy = FlushReason.Window },
            new HistoryStep.InvocationEnded(Start.AddSeconds(2.4), Shard, ids[1], BatchOutcome.Succeeded.Instance),
            new HistoryStep.InvocationEnded(Start.AddSeconds(4), Shard, ids[0], new BatchOutcome.Failed("timeout 3s")),
        ];
        var settings = new EventSourceMapping { BatchSize = 1, ParallelizationFactor = 2 };
        return new History { Title = "Orders.Keep_their_order", Seed = 42, Mappings = [new MappingHistory(new HistoryMapping { Name = "orders → Tracker", Settings = settings }, steps)] };
    }
}
