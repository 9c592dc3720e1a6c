using System.Collections.Immutable;
using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Host.Replaying;

/// <summary>Which guarantees a history breaks: the one place that asks the checker.</summary>
/// <param name="Broken">The first ones, in order: what was found when the history was written, then what the checker finds now.</param>
/// <param name="Count">All of them.</param>
internal sealed record Verdict(ImmutableArray<BrokenGuarantee> Broken, long Count)
{
    /// <summary>Judges one mapping's history.</summary>
    /// <remarks>
    /// A run may end, or be killed, with records unsettled, so nothing is said about the end of a journal; a lost record
    /// shows where the checkpoint passes it. What effects records should have is known to their test only: what that found
    /// is in the file.
    /// </remarks>
    public static Verdict Of(MappingHistory history)
    {
        var broken = ImmutableArray.CreateBuilder<BrokenGuarantee>();
        broken.AddRange(history.Findings.Select(BrokenGuarantee.Of));
        long count = history.Findings.Length;
        foreach (BrokenGuarantee found in Judge(history, ref count))
        {
            if (found.IsOneOf(history.Findings))
                count--;
            else
                broken.Add(found);
        }
        return new Verdict(broken.ToImmutable(), count);
    }

    // The checker knows one set of settings. So there is one of them for each set, which hears the whole history, since what a
    // shard did before is part of what it may do now; and it is believed about the steps of machines that began under its settings.
    private static IEnumerable<BrokenGuarantee> Judge(MappingHistory history, ref long count)
    {
        HistoryPromises[] promises = PromisesOfSteps(history);
        var found = new List<BrokenGuarantee>();
        foreach (HistoryPromises held in promises.Distinct(ReferenceEqualityComparer.Instance).Cast<HistoryPromises>())
        {
            var checker = new HistoryChecker(held);
            for (int index = 0; index < promises.Length; index++)
            {
                long before = checker.ViolationCount;
                checker.Add(history.Steps[index]);
                if (ReferenceEquals(promises[index], held))
                    count += checker.ViolationCount - before;
            }
            found.AddRange(checker.Violations
                .Where(violation => ReferenceEquals(promises[violation.StepIndex!.Value], held))
                .Select(violation => BrokenGuarantee.Of(violation, violation.StepIndex)));
        }
        return found.OrderBy(one => one.StepIndex);
    }

    /// <summary>What each step is held to: the settings of its shard's machine, which are those of when it began.</summary>
    private static HistoryPromises[] PromisesOfSteps(MappingHistory history)
    {
        // Running machines go on when the stream's retention is changed. The shortest one accuses nobody of letting go of a record.
        TimeSpan retention = history.Changes.Select(change => change.Mapping.Retention).Append(history.Mapping.Retention).Min();
        var known = new HashSet<HistoryPromises>();
        HistoryPromises current = Known(history.Mapping);
        var ofShards = new Dictionary<string, HistoryPromises>(StringComparer.Ordinal);
        var promises = new HistoryPromises[history.Steps.Count];
        int changes = 0;
        for (int index = 0; index < promises.Length; index++)
        {
            while (changes < history.Changes.Length && history.Changes[changes].StepIndex <= index)
                current = Known(history.Changes[changes++].Mapping);
            HistoryStep step = history.Steps[index];
            if (step is HistoryStep.MachineBegan)
                ofShards[step.ShardId] = current;
            promises[index] = ofShards.GetValueOrDefault(step.ShardId, current);
        }
        return promises;

        HistoryPromises Known(HistoryMapping mapping)
        {
            HistoryPromises one = PromisesOf(mapping, retention);
            if (known.TryGetValue(one, out HistoryPromises? same))
                return same;
            known.Add(one);
            return one;
        }
    }

    private static HistoryPromises PromisesOf(HistoryMapping mapping, TimeSpan retention) => new()
    {
        // Lists are the same when they are one: each line has its own.
        Mapping = mapping.Settings with { FunctionResponseTypes = mapping.Settings.ReportsBatchItemFailures ? ReportsFailures : [] },
        FixedRecordLength = mapping.FixedRecordLength,
        FixedWindowLength = mapping.FixedWindowLength,
        Retention = retention,
        HasDestination = mapping.OnFailure is not null,
        Effects = null,
    };

    private static readonly ImmutableArray<FunctionResponseType> ReportsFailures = [FunctionResponseType.ReportBatchItemFailures];
}
