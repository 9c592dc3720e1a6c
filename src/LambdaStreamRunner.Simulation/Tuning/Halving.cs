using System.Collections.Immutable;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>Which settings go on to the next rung, where each gets three times as much of the traffic.</summary>
internal static class Halving
{
    /// <summary>A rung keeps one of so many.</summary>
    public const int Factor = 3;

    /// <summary>Fewest settings that a rung keeps.</summary>
    public const int FinalistsMax = 12;

    /// <summary>Fewest records of a slice: with less, chance decides more than the settings.</summary>
    private const int RecordsMin = 2_000;

    /// <summary>Rungs before the whole traffic: as many as it takes to come down to the finalists, and as slices have enough records.</summary>
    public static int Rungs(int settings, long records)
    {
        int rungs = 0;
        for (double left = settings; left > FinalistsMax && records / Math.Pow(Factor, rungs + 1) >= RecordsMin; left /= Factor)
            rungs++;
        return rungs;
    }

    /// <summary>The best third. Under an objective, half of the places are for those that may be what it asks for.</summary>
    public static ImmutableArray<Candidate> Keep(ImmutableArray<Candidate> candidates, ServiceLevelObjective? objective)
    {
        TunedPoint[] points = [.. candidates.Select(candidate => candidate.Point!)];
        int count = Math.Max(FinalistsMax, (candidates.Length + Factor - 1) / Factor);
        HashSet<int> kept = objective is null ? [] : [.. Promising(points, objective).Take((count + 1) / 2)];
        foreach (int index in Dominance.Order(points))
        {
            if (kept.Count >= count)
                break;
            kept.Add(index);
        }
        return [.. kept.Order().Select(index => candidates[index])];
    }

    /// <summary>By turns the cheapest that meet the objective, and those that are cheaper still and miss it by little: on another part of the traffic, or with another seed, they may meet it. Those that lose more records than need be are neither.</summary>
    public static IEnumerable<int> Promising(IReadOnlyList<TunedPoint> points, ServiceLevelObjective objective)
    {
        double[] distance = [.. points.Select(objective.DistanceOf)];
        double lossMax = LossLimit.Of(points, objective);
        // A BatchSize that is never filled does the same as a smaller one: one of such settings is enough.
        int[] different = [.. Enumerable.Range(0, points.Count).Where(i => LossLimit.Allows(lossMax, points[i])).DistinctBy(i => (points[i].Cost, points[i].IteratorAgeP99, points[i].LatencyP99, points[i].PeakConcurrency, points[i].LostPerThousand))];
        int[] meeting = [.. different.Where(i => distance[i] == 0).OrderBy(i => points[i].Cost.Total).ThenBy(i => points[i].IteratorAgeP99.Mean).ThenBy(i => i)];
        double price = meeting.Length == 0 ? double.PositiveInfinity : points[meeting[0]].Cost.Total;
        int[] missing = [.. different.Where(i => distance[i] > 0 && points[i].Cost.Total < price).OrderBy(i => distance[i]).ThenBy(i => points[i].Cost.Total).ThenBy(i => i)];
        for (int turn = 0; turn < Math.Max(meeting.Length, missing.Length); turn++)
        {
            if (turn < meeting.Length)
                yield return meeting[turn];
            if (turn < missing.Length)
                yield return missing[turn];
        }
    }
}
