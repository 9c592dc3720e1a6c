using System.Globalization;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Host.Verbs;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Replaying;

/// <summary>A history for people: settings, figures, the time-line, and what broke.</summary>
/// <param name="screen">Where it goes.</param>
/// <param name="view">What is shown of the time-lines.</param>
internal sealed class ReplayReport(Screen screen, ReplayView view)
{
    /// <summary>Lines of a time-line that nobody asked a part of.</summary>
    private const int OverviewLinesMax = 40;

    /// <summary>Lines of a part that somebody asked for.</summary>
    private const int PartLinesMax = 1_000;

    private const int StretchLinesMax = 16;
    private const int BrokenShownMax = 10;
    private const int StretchesShownMax = 3;

    public void Write(string file, History history)
    {
        string seed = history.Seed is { } number ? string.Create(CultureInfo.InvariantCulture, $", seed {number}") : "";
        screen.Say($"{file}: {history.Title ?? "the journal of a run"}{seed}; {Figures.Some(history.Mappings.Length, "mapping")}, {Figures.Some(history.Mappings.Sum(mapping => mapping.Steps.Count), "step")}.");
        if (history.IsTorn)
            screen.Say("The last line is torn: whoever wrote it was killed. What was written before is whole.");
        foreach (string remark in history.Remarks)
            screen.Say(remark);
    }

    public void Write(MappingHistory mapping, Verdict verdict)
    {
        screen.Say("");
        screen.Say(mapping.Mapping.Name);
        screen.Say($"  {SettingsOf(mapping.Mapping)}");
        foreach (SettingsChange change in mapping.Changes)
            screen.Say($"  changed at {Seconds(mapping, change.StepIndex)}: {SettingsOf(change.Mapping)}");
        if (mapping.Steps.Count == 0)
        {
            screen.Say("  Nothing happened to it.");
            return;
        }
        var figures = new HistoryFigures(mapping.Steps);
        WriteFigures(mapping, figures);
        WriteTimeLine(mapping, verdict);
        WriteVerdict(mapping, verdict, figures.Unsettled);
    }

    private void WriteFigures(MappingHistory mapping, HistoryFigures figures)
    {
        TimeSpan span = mapping.Steps[^1].Time - mapping.Steps[0].Time;
        screen.Say($"  {Figures.Some(figures.Records, "record")} on {Figures.Some(figures.Shards.Count(), "shard")} in {Figures.Duration(span)}: "
            + $"{Figures.Some(figures.Lanes.Sum(lane => lane.Invocations), "invocation")} ({Figures.Count(figures.Lanes.Sum(lane => lane.Failed))} failed), {Figures.Some(figures.Lanes.Sum(lane => lane.Throttles), "throttle")}, "
            + $"{Figures.Count(figures.Filtered)} filtered, {Figures.Count(figures.Discarded)} discarded, {Figures.Count(figures.Unsettled)} not settled at the end.");
        var table = new Table { Border = TableBorder.Rounded };
        foreach (string column in (string[])["shard", "lane", "invocations", "failed", "throttled", "records", "busy"])
            table.AddColumn(new TableColumn(column) { Alignment = column is "shard" or "lane" ? Justify.Left : Justify.Right });
        foreach (ShardFigures shard in figures.Shards)
        {
            foreach (LaneFigures lane in shard.Lanes.Values)
                table.AddRow(Markup.Escape(shard.ShardId), $"{lane.Lane}", Figures.Count(lane.Invocations), Figures.Count(lane.Failed), Figures.Count(lane.Throttles), Figures.Count(lane.Records), Figures.Duration(lane.Busy));
        }
        if (table.Rows.Count > 0)
            screen.People.Write(table);
    }

    private void WriteTimeLine(MappingHistory mapping, Verdict verdict)
    {
        var names = new HistoryNames(mapping.Steps);
        string picture = TimeLine.Draw(mapping.Steps, Options(mapping) with
        {
            LinesMax = view.IsPart ? PartLinesMax : OverviewLinesMax,
            Notes = [.. verdict.Broken.Where(broken => broken.StepIndex is not null).Take(BrokenShownMax).Select(broken => NoteOf(broken, names))],
        });
        Say(picture.Length > 0 ? picture : "  Nothing of it is in the part that was asked for.\n");
    }

    private void WriteVerdict(MappingHistory mapping, Verdict verdict, int unsettled)
    {
        string open = unsettled == 0 ? "" : $" {Figures.Some(unsettled, "record")} unsettled at its end, which is not judged.";
        if (verdict.Count == 0)
        {
            screen.Say($"  Every guarantee that a history shows was kept.{open}");
            return;
        }
        var names = new HistoryNames(mapping.Steps);
        screen.People.MarkupLineInterpolated($"  [red]{Figures.Some(verdict.Count, "broken guarantee")}:[/]{open}");
        foreach (BrokenGuarantee broken in verdict.Broken.Take(BrokenShownMax))
            Write(mapping, broken, names);
        if (verdict.Count > BrokenShownMax)
            screen.Say($"  and {Figures.Count(verdict.Count - BrokenShownMax)} more; --json lists up to 100 of each kind.");
        if (!view.IsPart)
            WriteStretches(mapping, verdict, names);
    }

    private void Write(MappingHistory mapping, BrokenGuarantee broken, HistoryNames names)
    {
        string place = StepOf(mapping, broken) is { } step ? $"at {Seconds(mapping, broken.StepIndex!.Value)} on {step.ShardId}" : "at the end";
        screen.Say($"  {broken.Name} {place}: {names.In(broken.Message, broken.StepIndex)}");
        if (broken.Page is { } page)
            screen.Say($"    {page}");
    }

    // A short history was shown whole, with its arrows.
    private void WriteStretches(MappingHistory mapping, Verdict verdict, HistoryNames names)
    {
        if (mapping.Steps.Count <= OverviewLinesMax)
            return;
        foreach (BrokenGuarantee broken in verdict.Broken.Where(broken => StepOf(mapping, broken) is not null).Take(StretchesShownMax))
        {
            HistoryStep step = StepOf(mapping, broken)!;
            string? key = KeyOf(mapping, broken, step.ShardId);
            string around = Seconds(mapping, broken.StepIndex!.Value);
            screen.Say("");
            screen.Say(key is null ? $"  Around {around} on {step.ShardId}:" : $"  What happened to key '{key}' around {around}:");
            Say(TimeLine.Draw(mapping.Steps, new TimeLineOptions { Key = key, ShardId = step.ShardId, LinesMax = StretchLinesMax, Notes = [NoteOf(broken, names)] }));
        }
    }

    private static HistoryStep? StepOf(MappingHistory mapping, BrokenGuarantee broken) =>
        broken.StepIndex is { } index && index >= 0 && index < mapping.Steps.Count ? mapping.Steps[index] : null;

    private static string? KeyOf(MappingHistory mapping, BrokenGuarantee broken, string shardId) => broken.SequenceNumber == default ? null
        : mapping.Steps.OfType<HistoryStep.RecordArrived>()
            .FirstOrDefault(arrived => arrived.Record.SequenceNumber == broken.SequenceNumber && arrived.ShardId == shardId)?.Record.PartitionKey;

    private TimeLineOptions Options(MappingHistory mapping) => new()
    {
        ShardId = view.ShardId,
        Key = view.Key,
        From = mapping.Steps[0].Time + view.From,
        To = mapping.Steps[0].Time + view.To,
    };

    private static TimeLineNote NoteOf(BrokenGuarantee broken, HistoryNames names) =>
        new(broken.StepIndex!.Value, $"{broken.Name}: {names.In(broken.Message, broken.StepIndex)}");

    private static string Seconds(MappingHistory mapping, int step) =>
        step >= mapping.Steps.Count ? "the end" : string.Create(CultureInfo.InvariantCulture, $"{(mapping.Steps[step].Time - mapping.Steps[0].Time).TotalSeconds:0.000} s");

    private void Say(string picture)
    {
        foreach (string line in picture.TrimEnd('\n').Split('\n'))
            screen.Say(line);
    }

    private static string SettingsOf(HistoryMapping mapping)
    {
        EventSourceMapping settings = mapping.Settings;
        IEnumerable<string?> parts =
        [
            Invariant($"BatchSize {settings.BatchSize}"),
            Invariant($"window {settings.MaximumBatchingWindow.TotalSeconds:0.###} s"),
            Invariant($"ParallelizationFactor {settings.ParallelizationFactor}"),
            settings.LanePolicy.ToString(),
            $"polling {settings.Polling.ToString().ToLowerInvariant()}",
            settings.MaximumRetryAttempts == EventSourceMapping.Unlimited ? null : Invariant($"MaximumRetryAttempts {settings.MaximumRetryAttempts}"),
            settings.MaximumRecordAge is { } age ? Invariant($"MaximumRecordAge {age.TotalSeconds:0.###} s") : null,
            settings.BisectBatchOnFunctionError ? nameof(settings.BisectBatchOnFunctionError) : null,
            settings.ReportsBatchItemFailures ? nameof(FunctionResponseType.ReportBatchItemFailures) : null,
            settings.FilterCriteria.IsEmpty ? null : Figures.Some(settings.FilterCriteria.Filters.Length, "filter"),
            settings.TumblingWindow > TimeSpan.Zero ? Invariant($"TumblingWindow {settings.TumblingWindow.TotalSeconds:0.###} s") : null,
            mapping.FunctionTimeout is { } timeout ? Invariant($"Timeout {timeout.TotalSeconds:0.###} s") : null,
            mapping.OnFailure is { } destination ? $"OnFailure {destination}" : null,
        ];
        return string.Join(", ", parts.OfType<string>());
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
