using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.StreamServer.Faults;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Terminal;

/// <summary>The end of a run, for people: one column of figures per mapping, then what needs an explanation.</summary>
public static class SummaryTable
{
    /// <summary>Violations that are written out; the others are counted.</summary>
    private const int ViolationsShownMax = 5;

    /// <summary>Writes the table and the notes below it.</summary>
    public static void Write(IAnsiConsole console, RunSummary run)
    {
        foreach (FaultSummary faults in run.Faults ?? [])
            WriteFaults(console, faults);
        if (run.Mappings.IsEmpty)
        {
            console.WriteLine("No mapping ran.");
            WriteEnvironments(console, run);
            return;
        }
        console.Write(TableOf(run));
        WriteEnvironments(console, run);
        foreach (MappingSummary mapping in run.Mappings)
            WriteNotes(console, mapping);
        long settled = run.Mappings.Sum(mapping => mapping.Records - mapping.Unsettled);
        console.WriteLine($"{Figures.Some(settled, "record")} settled in {Figures.Milliseconds(run.DurationMs)}, {Figures.Rate(run.RecordsPerSecond)}.");
    }

    private static Table TableOf(RunSummary run)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("");
        foreach (MappingSummary mapping in run.Mappings)
            table.AddColumn(new TableColumn(Markup.Escape(mapping.Name)) { Alignment = Justify.Right });

        AddRow(table, run, "records", mapping => Figures.Count(mapping.Records));
        AddRow(table, run, "  succeeded", mapping => Figures.Count(mapping.Succeeded));
        if (run.Mappings.Any(mapping => mapping.Filtered > 0))
            AddRow(table, run, "  filtered", mapping => Figures.Count(mapping.Filtered));
        AddRow(table, run, "  discarded", mapping => Alarming(mapping.Discarded, "yellow"));
        AddRow(table, run, "  unsettled", mapping => Alarming(mapping.Unsettled, "red"));
        AddRow(table, run, "order violations", mapping => mapping.OrderViolations == 0 ? "[green]0[/]" : Alarming(mapping.OrderViolations, "red"));
        AddRow(table, run, "duplicate deliveries", mapping => Figures.Count(mapping.DuplicateDeliveries));
        table.AddEmptyRow();
        AddRow(table, run, "invocations", mapping => Figures.Count(mapping.Invocations));
        AddRow(table, run, "  failed", mapping => Figures.Count(mapping.FailedInvocations));
        AddRow(table, run, "  retries", mapping => Figures.Count(mapping.Retries));
        AddRow(table, run, "  bisections", mapping => Figures.Count(mapping.Bisections));
        if (run.Mappings.Any(mapping => mapping.Throttles > 0))
            AddRow(table, run, "throttles", mapping => Alarming(mapping.Throttles, "yellow"));
        AddRow(table, run, "most at once", mapping => Figures.Count(mapping.MaxConcurrency));
        AddRow(table, run, "batch size, mean / max", mapping => FormattableString.Invariant($"{mapping.BatchSize.Mean:0.#} / {mapping.BatchSize.Max}"));
        AddRow(table, run, "batches closed by", ClosedBy);
        table.AddEmptyRow();
        AddRow(table, run, "iterator age, p50 / p99 / max", mapping => Percentiles(mapping.IteratorAgeMs));
        AddRow(table, run, "latency, p50 / p99 / max", mapping => Percentiles(mapping.LatencyMs));
        AddRow(table, run, "polling", mapping => PollingOf(mapping.Polling));
        AddRow(table, run, "lanes", mapping => mapping.LanePolicy.ToString());
        return table;
    }

    private static void WriteEnvironments(IAnsiConsole console, RunSummary run)
    {
        if (run.Functions is { Count: > 0 } functions)
            console.Write(EnvironmentTable.Of(functions));
    }

    private static void AddRow(Table table, RunSummary run, string name, Func<MappingSummary, string> figure) =>
        table.AddRow([name, .. run.Mappings.Select(figure)]);

    private static string Alarming(long count, string colour) => count == 0 ? "0" : $"[{colour}]{Figures.Count(count)}[/]";

    private static string Percentiles(PercentileSummary times) =>
        $"{Figures.Milliseconds(times.P50)} / {Figures.Milliseconds(times.P99)} / {Figures.Milliseconds(times.Max)}";

    private static string ClosedBy(MappingSummary mapping)
    {
        FlushSummary flushes = mapping.Flushes;
        (string Reason, long Count)[] reasons =
            [("size", flushes.Size), ("window", flushes.Window), ("payload", flushes.Payload), ("shard end", flushes.ShardEnd), ("drain", flushes.Drain)];
        string text = string.Join(", ", reasons.Where(reason => reason.Count > 0).Select(reason => $"{reason.Reason} {Figures.Count(reason.Count)}"));
        return text.Length == 0 ? "–" : text;
    }

    private static void WriteNotes(IAnsiConsole console, MappingSummary mapping)
    {
        if (mapping.Discarded > 0)
        {
            string where = mapping.OnFailureDestination is { } destination
                ? $"see {destination}"
                : "no on-failure destination is configured, so they are only counted";
            Note(console, mapping, "yellow", $"{Figures.Some(mapping.Discarded, "record")} discarded; {where}.");
        }
        if (mapping.DiscardsUndelivered > 0)
            Note(console, mapping, "red", $"{Figures.Some(mapping.DiscardsUndelivered, "discarded record")} did not reach the destination.");
        if (mapping.Unsettled > 0)
            Note(console, mapping, "red", $"{Figures.Some(mapping.Unsettled, "record")} left unsettled: the function is not done with them, and they were not discarded.");
        if (mapping.StuckHandlers > 0)
            Note(console, mapping, "yellow", $"{Figures.Some(mapping.StuckHandlers, "handler")} still ran long after the timeout.");
        if (mapping.IsSampled)
            Note(console, mapping, "yellow", "there were too many open keys to check them all; order was checked for a sample of them.");
        if (mapping.ViolationCount > 0)
            WriteViolations(console, mapping);
    }

    private static void WriteFaults(IAnsiConsole console, FaultSummary faults)
    {
        FaultCounts counts = faults.Counts;
        console.MarkupLine(
            $"[yellow]{Markup.Escape(faults.Stream)}:[/] faults were on (seed {faults.Seed}): of {Figures.Some(counts.Calls, "call")} "
            + $"{Figures.Count(counts.ThrottledCalls)} throttled, {Figures.Count(counts.FailedCalls)} failed, {Figures.Count(counts.ExpiredIterators)} with an expired iterator, "
            + $"{Figures.Count(counts.LateAnswers)} late; {Figures.Some(counts.ThrottledRecords, "record")} of PutRecords throttled, {Figures.Count(counts.FailedRecords)} failed.");
    }

    private static void WriteViolations(IAnsiConsole console, MappingSummary mapping)
    {
        Note(console, mapping, "red", $"{Figures.Some(mapping.ViolationCount, "broken guarantee")}:");
        foreach (Violation violation in mapping.Violations.Take(ViolationsShownMax))
            console.MarkupLineInterpolated($"  [red]{violation.Kind}[/] {violation.Message}");
        long more = mapping.ViolationCount - Math.Min(mapping.Violations.Length, ViolationsShownMax);
        if (more > 0)
            console.WriteLine($"  and {Figures.Count(more)} more.");
    }

    private static void Note(IAnsiConsole console, MappingSummary mapping, string colour, string text) =>
        console.MarkupLine($"[{colour}]{Markup.Escape(mapping.Name)}:[/] {Markup.Escape(text)}");

    private static string PollingOf(PollingMode polling) => polling switch
    {
        PollingMode.Aws => "aws",
        PollingMode.Push => "push (enhanced fan-out)",
        _ => "eager (not AWS's batch sizes)",
    };
}
