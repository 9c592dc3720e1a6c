namespace LambdaStreamRunner.Functions.Binding;

/// <summary>Finds what somebody probably meant.</summary>
internal static class NearestName
{
    /// <summary>Most edits at which two names still look alike; a third of the name at most.</summary>
    private const int EditsMax = 5;

    /// <summary>" Did you mean 'X'?" or nothing.</summary>
    public static string Suggestion(string name, IEnumerable<string> known)
    {
        string? nearest = known.Where(candidate => Distance(name, candidate) <= Math.Min(EditsMax, Math.Max(1, name.Length / 3)))
                               .MinBy(candidate => Distance(name, candidate));
        return nearest is null ? "" : $" Did you mean '{nearest}'?";
    }

    /// <summary>Single-character edits between two names; a difference in case is none.</summary>
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = diagonal + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
