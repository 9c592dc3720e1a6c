namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>How many letters tell two names apart, for "the nearest is …".</summary>
public static class EditDistance
{
    /// <summary>Insertions, deletions and replacements that make one name of the other, without regard to case.</summary>
    public static int Between(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i);
            for (int j = 1; j <= other.Length; j++)
            {
                int replaced = diagonal + (char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1);
                (diagonal, row[j]) = (row[j], Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1])));
            }
        }
        return row[other.Length];
    }
}
