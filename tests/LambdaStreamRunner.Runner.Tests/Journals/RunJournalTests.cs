using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Journals;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.Runner.Tests.Hosting;
using LambdaStreamRunner.Runner.Tests.LambdaApi;

namespace LambdaStreamRunner.Runner.Tests.Journals;

/// <summary>A run's journal: a history of each mapping, with every record whole, whatever happens to the disk below it.</summary>
public sealed class RunJournalTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lambda-stream-journal-");

    private string JournalFile => Path.Combine(_folder.FullName, "run.journal");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Everything_that_happens_to_every_mapping_is_in_the_journal_and_breaks_no_guarantee()
    {
        StreamRunnerOptions options = Options()
            .AddStream("clicks", shardCount: 2)
            .AddFunction("Poisoned", (ClickEvent clicks) => ThrowOn(clicks, "7"))
            .AddFunction("Filtering", (ClickEvent clicks) => ThrowOn(clicks, "none"))
            .AddMapping("clicks", "Poisoned", mapping => mapping with { BatchSize = 5, ParallelizationFactor = 3, BisectBatchOnFunctionError = true, MaximumRetryAttempts = 0 })
            .AddMapping("clicks", "Filtering", mapping => mapping with { FilterCriteria = FilterCriteria.Parse("""{"partitionKey":["key-3"]}""") });
        RunSummary summary = await RunAsync(options, runner =>
        {
            for (int n = 0; n < 100; n++)
                runner.Put("clicks", $"key-{n % 10}", $"{n}");
        });

        History history = Read();

        Assert.False(history.IsTorn);
        Assert.Equal(summary.Mappings.Select(mapping => mapping.Name).Order(), history.Mappings.Select(mapping => mapping.Mapping.Name).Order());
        foreach (MappingSummary counts in summary.Mappings)
        {
            MappingHistory mapping = history.Mappings.Single(one => one.Mapping.Name == counts.Name);
            StreamRecord[] arrived = [.. mapping.Steps.OfType<HistoryStep.RecordArrived>().Select(step => step.Record)];
            Assert.Equal(Enumerable.Range(0, 100).Order(), arrived.Select(record => int.Parse(Encoding.UTF8.GetString(record.Data.Span))).Order());
            Assert.Equal(counts.Filtered, mapping.Steps.OfType<HistoryStep.Filtered>().Sum(step => step.Records.Length));
            Assert.Equal(counts.Discarded, mapping.Steps.OfType<HistoryStep.Discarded>().Sum(step => step.Batch.Records.Length));
            Assert.Equal(counts.Discarded, mapping.Steps.OfType<HistoryStep.DiscardSettled>().Sum(step => step.Batch.Records.Length));
            Assert.Equal(counts.Invocations, mapping.Steps.OfType<HistoryStep.InvocationEnded>().Count(step => step.Outcome is not BatchOutcome.Throttled));
            Assert.Equal(2, mapping.Steps.OfType<HistoryStep.MachineClosed>().Count());
            Assert.Empty(ViolationsOf(mapping, hasDestination: true));
        }
    }

    [Fact]
    public async Task A_mapping_that_is_changed_goes_on_in_its_own_history_and_no_record_arrives_twice()
    {
        await using (LambdaServer server = await LambdaServer.StartAsync(options =>
        {
            options.JournalFile = JournalFile;
            options.AddMapping("clicks", "Clicks", mapping => mapping with { BatchSize = 1 });
        }))
        {
            server.Put("1", "2");
            await server.DrainAsync();
            await server.UpdatedAsync(server.Runner.CurrentMappings.Single().Uuid.ToString(), new { BatchSize = 7 });
            server.Put("3");
            await server.DrainAsync();
        }

        MappingHistory mapping = Assert.Single(Read().Mappings);

        Assert.Equal((1, 7), (mapping.Mapping.Settings.BatchSize, Assert.Single(mapping.Changes).Mapping.Settings.BatchSize));
        HistoryStep.MachineBegan[] began = [.. mapping.Steps.OfType<HistoryStep.MachineBegan>()];
        Assert.Equal(2, began.Length);
        Assert.Equal(mapping.Changes[0].StepIndex, mapping.Steps.ToList().IndexOf(began[1]));
        Assert.Equal(ShardIteratorType.AfterSequenceNumber, began[1].From.Position.Type);
        Assert.Equal(["1", "2", "3"], mapping.Steps.OfType<HistoryStep.RecordArrived>().Select(step => Encoding.UTF8.GetString(step.Record.Data.Span)));
    }

    [Fact]
    public async Task Only_its_user_may_read_it()
    {
        await RunAsync(Options(), _ => { });

        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no such modes.");
        else
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(JournalFile));
    }

    [Fact]
    public async Task Only_its_user_may_read_an_empty_file_that_everybody_could_read_before()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        await File.WriteAllTextAsync(JournalFile, "", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(JournalFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        await RunAsync(Options(), _ => { });

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(JournalFile));
    }

    [Fact]
    public async Task A_start_that_fails_leaves_a_file_that_the_next_start_takes()
    {
        StreamRunnerOptions taken = Options();
        await using (StreamRunner first = await TestRunner.StartedAsync(new StreamRunnerOptions { Port = 0 }))
        {
            taken.Port = first.Endpoint!.Port;
            await using StreamRunner refused = TestRunner.Of(taken);
            await Assert.ThrowsAsync<ListenerException>(() => refused.StartAsync(TestContext.Current.CancellationToken));
        }

        await RunAsync(Options(), _ => { });

        Assert.Empty(Read().Mappings);
    }

    [Fact]
    public async Task A_pipe_that_nobody_reads_does_not_hold_up_a_run_that_is_abandoned()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such pipes.");
        await Process.Start("mkfifo", JournalFile).WaitForExitAsync(TestContext.Current.CancellationToken);
        await using var held = new FileStream(JournalFile, FileMode.Open, FileAccess.ReadWrite);
        await using StreamRunner runner = await TestRunner.StartedAsync(Clicks());
        for (int n = 0; n < 1_000; n++)
            runner.Put("clicks", "a", new string('x', 1_000));            // far more than a pipe holds
        await runner.DrainAsync();
        using var abandon = new CancellationTokenSource();

        Task stopping = runner.StopAsync(abandon.Token);
        await abandon.CancelAsync();

        await stopping.SoonAsync();
        Assert.Contains("is not written completely", runner.JournalProblem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_waits_for_the_reader_of_a_pipe_can_be_interrupted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such pipes.");
        await Process.Start("mkfifo", JournalFile).WaitForExitAsync(TestContext.Current.CancellationToken);
        await using StreamRunner runner = TestRunner.Of(Options());
        using var interrupt = new CancellationTokenSource();

        Task starting = runner.StartAsync(interrupt.Token);
        await interrupt.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.SoonAsync());
    }

    [Fact]
    public async Task A_file_that_is_there_is_not_overwritten_unless_it_is_empty()
    {
        await File.WriteAllTextAsync(JournalFile, "precious", TestContext.Current.CancellationToken);
        await using StreamRunner refused = TestRunner.Of(Options());

        JournalException refusal = await Assert.ThrowsAsync<JournalException>(() => refused.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("is there and not empty, and is not overwritten: name another file", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(JournalFile, TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(JournalFile, "", TestContext.Current.CancellationToken);
        await RunAsync(Options(), _ => { });
        Assert.Empty(Read().Mappings);
    }

    [Fact]
    public async Task A_full_disk_ends_the_journal_with_a_word_and_the_run_goes_on()
    {
        const string FullDisk = "/dev/full";
        Assert.SkipUnless(File.Exists(FullDisk), "Only Linux has a disk that is always full.");
        StreamRunnerOptions options = Clicks();
        options.JournalFile = FullDisk;
        using var loggers = new HeardLoggers();
        await using var runner = new StreamRunner(options, TimeProvider.System, loggers);
        await runner.StartAsync(TestContext.Current.CancellationToken);

        runner.Put("clicks", "a", "1");
        await runner.DrainAsync();
        await runner.StopAsync(CancellationToken.None);

        Assert.Equal(1, runner.Summarize().Mappings[0].Succeeded);
        Assert.StartsWith("The journal '/dev/full' ends before the run: No space left", runner.JournalProblem, StringComparison.Ordinal);
        Assert.Contains(loggers.Warnings, line => line.Contains("The run goes on without it.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_abandoned_is_lost_as_in_a_crash()
    {
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        StreamRunnerOptions options = Options().AddStream("clicks")
            .AddFunction("Stuck", async (ClickEvent _) =>
            {
                called.SetResult();
                await never.Task;
            }, timeout: TimeSpan.FromSeconds(600))
            .AddMapping("clicks", "Stuck");
        await using (StreamRunner runner = await TestRunner.StartedAsync(options))
        {
            runner.Put("clicks", "a", "1");
            await called.Task.SoonAsync();
            await runner.StopAsync(new CancellationToken(canceled: true));
        }
        never.SetResult();

        MappingHistory mapping = Assert.Single(Read().Mappings);

        Assert.IsType<HistoryStep.MachineCrashed>(mapping.Steps[^1]);
        Assert.Null(Assert.Single(Invocation.Of(mapping.Steps)).Ended);
    }

    private StreamRunnerOptions Options() => new() { JournalFile = JournalFile };

    private StreamRunnerOptions Clicks() => Options().AddStream("clicks").AddFunction("Clicks", new ClickHandler().HandleAsync).AddMapping("clicks", "Clicks");

    private History Read() => HistoryReader.Read(File.ReadAllBytes(JournalFile));

    private static async Task<RunSummary> RunAsync(StreamRunnerOptions options, Action<StreamRunner> put)
    {
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        put(runner);
        await runner.DrainAsync();
        await runner.StopAsync(CancellationToken.None);
        Assert.Null(runner.JournalProblem);
        return runner.Summarize();
    }

    private static ImmutableArray<Violation> ViolationsOf(MappingHistory mapping, bool hasDestination)
    {
        var checker = new HistoryChecker(new HistoryPromises { Mapping = mapping.Mapping.Settings, HasDestination = hasDestination, Retention = mapping.Mapping.Retention });
        foreach (HistoryStep step in mapping.Steps)
            checker.Add(step);
        checker.Finish(mapping.Steps[^1].Time);               // it was drained: nothing may be missing
        return checker.Violations;
    }

    private static void ThrowOn(ClickEvent clicks, string poison)
    {
        if (clicks.Records.Any(record => record.Kinesis.Text == poison))
            throw new InvalidOperationException($"'{poison}' cannot be eaten.");
    }
}
