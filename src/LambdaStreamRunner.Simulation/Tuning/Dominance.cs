using System.Collections.Immutable;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>Which settings no other beats: in cost, iterator age, duplicates, peak concurrency and lost records at once. Less is better in all.</summary>
/// <remarks>Lost records are one of them, because a setting that gives up at once would otherwise win in all others.</remarks>
internal static class Dominance
{
    /// <summary>Costs that are called the same.</summary>
    private const double CostTolerance = 0.01;

    /// <summary>Iterator ages that are called the same.</summary>
    private const double AgeTolerance = 0.05;

    /// <summary>What is compared.</summary>
    public static double[] ScoresOf(TunedPoint point) => point.Figures.IsStable
        ? [point.Cost.Total, point.IteratorAgeP99.Mean, point.DuplicatesPerThousand.Mean, point.PeakConcurrency.Mean, point.LostPerThousand.Mean]
        : [point.Cost.Total, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity];

    /// <summary>True when a setting is nowhere worse and somewhere better.</summary>
    public static bool Dominates(TunedPoint one, TunedPoint other) => Dominates(ScoresOf(one), ScoresOf(other));

    /// <summary>The points' places from the best: by the number of layers of better settings above them, and within a layer those first that have few neighbours.</summary>
    public static int[] Order(IReadOnlyList<TunedPoint> points)
    {
        double[][] scores = [.. points.Select(ScoresOf)];
        var order = new List<int>(points.Count);
        foreach (List<int> layer in Layers(scores))
        {
            double[] distance = Crowding(scores, layer);
            order.AddRange(Enumerable.Range(0, layer.Count).OrderByDescending(i => distance[i]).ThenBy(i => layer[i]).Select(i => layer[i]));
        }
        return [.. order];
    }

    /// <summary>The stable settings that no other beats, the cheapest first; of those that are the same within the tolerances one.</summary>
    public static ImmutableArray<TunedPoint> Frontier(IEnumerable<TunedPoint> points)
    {
        var kept = new List<(TunedPoint Point, double[] Scores)>();
        // The cheapest first: what follows dearer can beat nothing that is kept already.
        foreach ((TunedPoint Point, double[] Scores) next in points.Where(point => point.Figures.IsStable).Select(point => (Point: point, Scores: ScoresOf(point)))
            .OrderBy(one => one.Scores[0]).ThenBy(one => one.Scores[1]).ThenBy(one => one.Scores[2]).ThenBy(one => one.Scores[3]).ThenBy(one => one.Scores[4]))
        {
            if (!kept.Exists(one => IsNoWorse(one.Scores, next.Scores)))
                kept.Add(next);
        }
        return [.. kept.Select(one => one.Point)];
    }

    /// <summary>Where paying more begins to buy little: the point of cost and iterator age that lies farthest below the line from the cheapest to the fastest, both on a scale of ratios. Among those only that lose about as few records as any.</summary>
    public static TunedPoint? Knee(ImmutableArray<TunedPoint> frontier)
    {
        if (frontier.IsEmpty)
            return null;
        double limit = LossLimit.Of(frontier);
        frontier = [.. frontier.Where(point => LossLimit.Allows(limit, point))];
        (double Cost, double Age)[] at = [.. frontier.Select(point => (Math.Log(Math.Max(point.Cost.Total, 1e-9)), Math.Log(Math.Max(point.IteratorAgeP99.Mean, 1))))];
        (double cheap, double dear) = (at.Min(one => one.Cost), at.Max(one => one.Cost));
        (double fast, double slow) = (at.Min(one => one.Age), at.Max(one => one.Age));
        double Below((double Cost, double Age) one) =>
            Unit(one.Cost, cheap, dear) + Unit(one.Age, fast, slow);
        return frontier[Enumerable.Range(0, at.Length).MinBy(i => (Below(at[i]), i))];
    }

    private static double Unit(double value, double min, double max) => max > min ? (value - min) / (max - min) : 0;

    private static bool Dominates(double[] one, double[] other)
    {
        bool isBetter = false;
        for (int i = 0; i < one.Length; i++)
        {
            if (one[i] > other[i])
                return false;
            isBetter |= one[i] < other[i];
        }
        return isBetter;
    }

    private static bool IsNoWorse(double[] one, double[] other) =>
        one[0] <= other[0] * (1 + CostTolerance) && one[1] <= other[1] * (1 + AgeTolerance) && one[2] <= other[2] && one[3] <= other[3] && one[4] <= other[4];

    /// <summary>Layers of settings that do not beat each other, the best first. In lexicographic order none can be beaten by a later one.</summary>
    private static List<List<int>> Layers(double[][] scores)
    {
        List<List<int>> layers = [];
        foreach (int next in Enumerable.Range(0, scores.Length).Order(Comparer<int>.Create((a, b) => Lexicographic(scores[a], scores[b]) is var sign and not 0 ? sign : a.CompareTo(b))))
        {
            int layer = 0;
            while (layer < layers.Count && layers[layer].Exists(member => Dominates(scores[member], scores[next])))
                layer++;
            if (layer == layers.Count)
                layers.Add([]);
            layers[layer].Add(next);
        }
        return layers;
    }

    private static int Lexicographic(double[] one, double[] other)
    {
        for (int i = 0; i < one.Length; i++)
        {
            if (one[i].CompareTo(other[i]) is var sign and not 0)
                return sign;
        }
        return 0;
    }

    /// <summary>How far the neighbours of each member of a layer are, in every score, on a scale of ratios; infinite at the ends.</summary>
    private static double[] Crowding(double[][] scores, List<int> layer)
    {
        double[] distance = new double[layer.Count];
        for (int score = 0; score < scores[layer[0]].Length; score++)
        {
            double Value(int member) => Math.Log(1 + Math.Min(scores[layer[member]][score], double.MaxValue));
            int[] sorted = [.. Enumerable.Range(0, layer.Count).OrderBy(Value).ThenBy(member => layer[member])];
            double span = Value(sorted[^1]) - Value(sorted[0]);
            if (span <= 0)
                continue;
            distance[sorted[0]] = distance[sorted[^1]] = double.PositiveInfinity;
            for (int i = 1; i + 1 < sorted.Length; i++)
                distance[sorted[i]] += (Value(sorted[i + 1]) - Value(sorted[i - 1])) / span;
        }
        return distance;
    }
}
