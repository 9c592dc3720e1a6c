using System.Collections.Immutable;
using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Histories;

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
        foreach (Stretch stretch in StretchesOf(history))
        {
            var checker = new HistoryChecker(PromisesOf(stretch.Mapping));
            foreach ((HistoryStep step, int _) in stretch.Steps)
                checker.Add(step);
            BrokenGuarantee[] found = [.. checker.Violations.Select(violation => BrokenGuarantee.Of(violation, violation.StepIndex is { } place ? stretch.Steps[place].Index : null))];
            int known = found.Count(one => one.IsOneOf(history.Findings));
            broken.AddRange(found.Where(one => !one.IsOneOf(history.Findings)));
            count += checker.ViolationCount - known;
        }
        return new Verdict(broken.ToImmutable(), count);
    }

    private static HistoryPromises PromisesOf(HistoryMapping mapping) => new()
    {
        Mapping = mapping.Settings,
        FixedRecordLength = mapping.FixedRecordLength,
        FixedWindowLength = mapping.FixedWindowLength,
        Retention = mapping.Retention,
        HasDestination = mapping.OnFailure is not null,
        Effects = null,
    };

    // The checker knows one set of settings: each stretch between two changes is judged by itself.
    private static IEnumerable<Stretch> StretchesOf(MappingHistory history)
    {
        int[] bounds = [0, .. history.Changes.Select(change => change.StepIndex), history.Steps.Count];
        HistoryMapping[] settings = [history.Mapping, .. history.Changes.Select(change => change.Mapping)];
        for (int part = 0; part < settings.Length; part++)
            yield return new Stretch(settings[part], [.. StepsOf(history.Steps, bounds[part], bounds[part + 1])]);
    }

    // What a machine reads again was told before the change; shards that ended before it are not there to be compared with.
    private static IEnumerable<(HistoryStep Step, int Index)> StepsOf(IReadOnlyList<HistoryStep> steps, int from, int to)
    {
        var begun = new HashSet<string>(StringComparer.Ordinal);
        for (int index = from; index < to; index++)
        {
            if (from > 0 && steps[index] is HistoryStep.MachineBegan began && begun.Add(began.ShardId))
            {
                for (int before = 0; before < from; before++)
                {
                    if (steps[before] is HistoryStep.RecordArrived && steps[before].ShardId == began.ShardId)
                        yield return (steps[before], before);
                }
            }
            yield return from > 0 && steps[index] is HistoryStep.ShardCreated created ? (created with { Parents = [] }, index) : (steps[index], index);
        }
    }

    private sealed record Stretch(HistoryMapping Mapping, IReadOnlyList<(HistoryStep Step, int Index)> Steps);
}
