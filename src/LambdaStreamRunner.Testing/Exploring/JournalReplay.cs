using System.Collections.Immutable;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing.Exploring;

/// <summary>Makes a test of the journal of a run: the same records at the same times, and the choices that make invocations take as long and fare as they did.</summary>
/// <remarks>
/// What the handler does is not taken from the journal, save that it ran out of time: that is what the test is about. Shards are those
/// that the run began with, and crashes strike when they did. A reshard is not repeated: its children's records come to the shards of the beginning.
/// </remarks>
internal static class JournalReplay
{
    public static StoredTest Of(MappingHistory journal)
    {
        DateTimeOffset start = StartOf(journal.Steps);
        var ids = new Dictionary<SequenceNumber, int>();
        var nth = new Dictionary<string, int>();
        ImmutableArray<StoredRecord>.Builder records = ImmutableArray.CreateBuilder<StoredRecord>();
        foreach (StreamRecord record in journal.Steps.OfType<HistoryStep.RecordArrived>().Select(arrived => arrived.Record).OrderBy(record => record.ArrivalMilliseconds))
        {
            if (!ids.TryAdd(record.SequenceNumber, ids.Count))
                continue;
            string key = record.PartitionKey;
            nth[key] = nth.GetValueOrDefault(key) + 1;
            double at = Math.Max(0, (record.Arrival - start).TotalMilliseconds);
            records.Add(new StoredRecord(key, nth[key], at, record.Data.ToArray(), $"{key}#{nth[key]}", IsPoison: false, ids.Count - 1));
        }
        var choices = new JournalChoices(ids, start);
        foreach (Invocation invocation in Invocation.Of(journal.Steps))
            choices.Add(invocation);
        foreach (HistoryStep.MachineCrashed crashed in journal.Steps.OfType<HistoryStep.MachineCrashed>().DistinctBy(crashed => crashed.Time))
            choices.AddCrash(crashed.Time);
        return new StoredTest
        {
            Start = start,
            Shards = Math.Max(1, journal.Steps.OfType<HistoryStep.ShardCreated>().Count(created => created.Parents.IsEmpty)),
            HasDestination = journal.Mapping.OnFailure is not null,
            Faults = choices.Faults with { LastsAfterPuts = LastsAfterPuts(journal.Steps) },
            Records = records.ToImmutable(),
            Choices = choices.All,
            Mapping = journal.Mapping,
        };
    }

    // What is tried for the last time in the journal is so a little later here, perhaps.
    private static TimeSpan LastsAfterPuts(IReadOnlyList<HistoryStep> steps)
    {
        DateTimeOffset lastPut = steps.OfType<HistoryStep.RecordArrived>().Select(arrived => arrived.Record.Arrival).DefaultIfEmpty(DateTimeOffset.MaxValue).Max();
        return (steps.Count > 0 && steps[^1].Time > lastPut ? steps[^1].Time - lastPut : TimeSpan.Zero) + TimeSpan.FromMinutes(1);
    }

    private static DateTimeOffset StartOf(IReadOnlyList<HistoryStep> steps)
    {
        DateTimeOffset first = steps.Count > 0 ? steps[0].Time : DateTimeOffset.UnixEpoch;
        foreach (HistoryStep.RecordArrived arrived in steps.OfType<HistoryStep.RecordArrived>())
            first = arrived.Record.Arrival < first ? arrived.Record.Arrival : first;
        return first;
    }
}

/// <summary>The choices that repeat what a journal tells.</summary>
internal sealed class JournalChoices(Dictionary<SequenceNumber, int> ids, DateTimeOffset start)
{
    // A fault strikes where the schedule says so; the rate only has to let it.
    private const double Possible = double.Epsilon;

    private readonly Dictionary<int, int> _deliveries = [];
    private int _longest;
    private int _crashes;

    public Dictionary<string, int> All { get; } = [];

    public FaultPlan Faults => Testing.Faults.HandlerLatency(0, _longest).HandlerTimesOut(Possible).Throttles(Possible) with { Crashes = _crashes };

    public void Add(Invocation invocation)
    {
        if (invocation.Records.IsEmpty || !ids.TryGetValue(invocation.Records[0].SequenceNumber, out int subject))
            return;
        int occasion = _deliveries[subject] = _deliveries.GetValueOrDefault(subject) + 1;
        switch (invocation.Outcome)
        {
            case BatchOutcome.Throttled:
                All[new Choice(ChoiceKind.Throttle, subject, occasion).ToString()] = 1;
                return;
            case BatchOutcome.Failed failed when failed.Error.Contains("timed out", StringComparison.Ordinal):
                All[new Choice(ChoiceKind.HandlerTimesOut, subject, occasion).ToString()] = 1;
                return;
            case null:
                return;
        }
        int milliseconds = (int)Math.Min(900_000, (invocation.End!.Value - invocation.Time).TotalMilliseconds);
        _longest = Math.Max(_longest, milliseconds);
        if (milliseconds > 0)
            All[new Choice(ChoiceKind.HandlerLatency, subject, occasion).ToString()] = milliseconds;
    }

    public void AddCrash(DateTimeOffset time) => All[new Choice(ChoiceKind.Crash, ++_crashes, 0).ToString()] = 1 + (int)Math.Max(0, (time - start).TotalMilliseconds);
}
