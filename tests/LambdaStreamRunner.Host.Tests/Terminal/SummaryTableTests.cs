using System.Text.RegularExpressions;
using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.StreamServer.Faults;

namespace LambdaStreamRunner.Host.Tests.Terminal;

public class SummaryTableTests
{
    private static readonly MappingSummary Mapping = new()
    {
        Name = "clicks → AccessLog",
        Function = "AccessLog",
        Stream = "clicks",
        Succeeded = 9_999,
        Discarded = 1,
        Invocations = 117,
        FailedInvocations = 9,
        Retries = 1,
        Bisections = 7,
        DuplicateDeliveries = 195,
        MaxConcurrency = 40,
        BatchSize = new BatchSizeSummary(87.1, 100),
        Flushes = new FlushSummary(83, 27, 0, 0, 0),
        IteratorAgeMs = new PercentileSummary(12, 340, 1_250),
        LatencyMs = new PercentileSummary(20, 410, 75_000),
        OnFailureDestination = "failed/clicks.jsonl",
    };

    [Fact]
    public void A_run_reads_as_a_table_with_formatted_numbers()
    {
        string text = Render(Mapping);

        Assert.Equal("10,000", Cell(text, "records"));
        Assert.Equal("9,999", Cell(text, "succeeded"));
        Assert.Equal("0", Cell(text, "unsettled"));
        Assert.Equal("0", Cell(text, "order violations"));
        Assert.Equal("87.1 / 100", Cell(text, "batch size, mean / max"));
        Assert.Equal("size 83, window 27", Cell(text, "batches closed by"));
        Assert.Equal("20 ms / 410 ms / 1 min 15 s", Cell(text, "latency, p50 / p99 / max"));
        Assert.Contains("10,000 records settled in 3.2 s, 3,125/s.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Discarded_records_are_told_with_where_to_find_them()
    {
        Assert.Contains("1 record discarded; see failed/clicks.jsonl.", Render(Mapping), StringComparison.Ordinal);
        Assert.Contains("no on-failure destination", Render(Mapping with { OnFailureDestination = null }), StringComparison.Ordinal);
        Assert.DoesNotContain("record discarded", Render(Mapping with { Discarded = 0 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_are_told_also_when_no_mapping_ran()
    {
        var run = new RunSummary([], 0, 0) { Faults = [new FaultSummary("orders", 42, new FaultCounts(1_000, 3, 2, 1, 40, 5, 900))] };

        string text = Render(run);

        Assert.Contains(
            "orders: faults were on (seed 42): of 1,000 calls 3 throttled, 2 failed, 1 with an expired iterator, 900 late; 40 records of PutRecords throttled, 5 failed.",
            text, StringComparison.Ordinal);
    }

    [Fact]
    public void Eager_polling_says_that_its_batch_sizes_are_not_those_of_AWS()
    {
        Assert.Equal("eager (not AWS's batch sizes)", Cell(Render(Mapping), "polling"));
        Assert.Equal("aws", Cell(Render(Mapping with { Polling = PollingMode.Aws }), "polling"));
    }

    [Fact]
    public void Broken_guarantees_are_written_out_up_to_five()
    {
        Violation[] violations = [.. Enumerable.Range(1, 7).Select(i =>
            new Violation(ViolationKind.OvertookUnsettled, default, null, $"record [{i}] overtook"))];

        string text = Render(Mapping with { OrderViolations = 7, ViolationCount = 7, Violations = [.. violations] });

        Assert.Equal("7", Cell(text, "order violations"));
        Assert.Contains("7 broken guarantees:", text, StringComparison.Ordinal);
        Assert.Contains("OvertookUnsettled record [5] overtook", text, StringComparison.Ordinal);
        Assert.DoesNotContain("record [6]", text, StringComparison.Ordinal);
        Assert.Contains("and 2 more.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sample_unsettled_records_and_lost_discards_are_not_kept_quiet()
    {
        string text = Render(Mapping with { IsSampled = true, Unsettled = 3, DiscardsUndelivered = 1, StuckHandlers = 2 });

        Assert.Contains("sample", text, StringComparison.Ordinal);
        Assert.Contains("3 records left unsettled", text, StringComparison.Ordinal);
        Assert.Contains("1 discarded record did not reach", text, StringComparison.Ordinal);
        Assert.Contains("2 handlers still ran", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mapping_has_its_column()
    {
        string text = Render(Mapping, Mapping with { Name = "orders → OrderTracker", Succeeded = 12_345 });

        Assert.Matches(new Regex("succeeded .*9,999.*12,345"), text);
    }

    [Fact]
    public void A_run_without_mappings_says_so()
    {
        Assert.Contains("No mapping ran.", Render(), StringComparison.Ordinal);
    }

    [Fact]
    public void Environments_of_functions_in_processes_are_told_without_what_did_not_happen()
    {
        EnvironmentSummary[] functions =
        [
            new() { Name = "Geo", ColdStarts = 4, InitMs = new PercentileSummary(120, 1_250, 1_250), MaxEnvironments = 3, MaxMemoryUsedMB = 61, Crashed = 1 },
            new() { Name = "Plain", ColdStarts = 1 },
        ];

        string text = Render(new RunSummary([Mapping], 3_200, 3_125) { Functions = functions });

        Assert.Matches("Geo +│ +4 │ +120 ms / 1.3 s / 1.3 s │ +3 │ +61 MB │ +1 │", text);
        Assert.Matches("Plain +│ +1 │ +0 ms / 0 ms / 0 ms │ +0 │ +– │ +0 │", text);
        Assert.Contains("crashed", text, StringComparison.Ordinal);
        Assert.DoesNotContain("timed out", text, StringComparison.Ordinal);
        Assert.DoesNotContain("environments of", Render(Mapping), StringComparison.Ordinal);
    }

    private static string Render(params MappingSummary[] mappings) => Render(new RunSummary([.. mappings], 3_200, 3_125));

    private static string Render(RunSummary run)
    {
        using var writer = new StringWriter();
        SummaryTable.Write(TerminalConsole.On(writer, isTerminal: false), run);
        return writer.ToString();
    }

    private static string Cell(string text, string row)
    {
        string line = text.Split('\n').First(line => line.Trim('│', ' ', '\r').StartsWith(row + " ", StringComparison.Ordinal));
        return line.Split('│')[2].Trim();
    }
}
