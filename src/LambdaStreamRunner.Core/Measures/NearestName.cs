namespace LambdaStreamRunner.Core.Measures;

/// <summary>Finds the name that somebody probably meant.</summary>
public static class NearestName
{
    /// <summary>The closest candidate, or null when none is near enough to be meant.</summary>
    /// <remarks>
    /// Case costs nothing. About one slip in three letters is forgiven; a neighbour swapped is one slip. The beginning of
    /// only one candidate means that one: AWS's names are long.
    /// </remarks>
    public static string? To(string name, IReadOnlyCollection<string> candidates) => BySlips(name, candidates) ?? ByBeginning(name, candidates);

    /// <summary>" Did you mean 'X'?", or nothing.</summary>
    public static string Suggest(string name, IReadOnlyCollection<string> candidates) =>
        To(name, candidates) is string nearest ? $" Did you mean '{nearest}'?" : "";

    private static string? BySlips(string name, IReadOnlyCollection<string> candidates)
    {
        string? nearest = null;
        int best = Math.Max(1, name.Length / 3) + 1;
        foreach (string candidate in candidates)
        {
            int slips = Slips(name, candidate);
            if (slips >= best)
                continue;
            (nearest, best) = (candidate, slips);
        }
        return nearest;
    }

    private static string? ByBeginning(string name, IReadOnlyCollection<string> candidates)
    {
        const int TellingLength = 4;
        string[] longer = name.Length < TellingLength ? [] : [.. candidates.Where(candidate => candidate.StartsWith(name, StringComparison.OrdinalIgnoreCase))];
        return longer is [string only] ? only : null;
    }

    /// <summary>Letters to insert, remove, replace or swap with their neighbour (optimal string alignment), without regard to case.</summary>
    public static int Slips(string from, string to)
    {
        (from, to) = (from.ToUpperInvariant(), to.ToUpperInvariant());
        int[] before = new int[to.Length + 1];
        int[] above = [.. Enumerable.Range(0, to.Length + 1)];
        int[] row = new int[to.Length + 1];
        for (int i = 1; i <= from.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, above, row) = (above, row, before);
        }
        return above[to.Length];
    }
}
