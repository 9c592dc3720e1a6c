namespace LambdaStreamRunner.Core.Histories.TimeLines;

/// <summary>A row that is shown, and how many were left out before it.</summary>
/// <param name="Row">The row; null behind the last one.</param>
/// <param name="LeftOut">Rows between the one before and this one.</param>
internal readonly record struct SelectedRow(Row? Row, int LeftOut);

/// <summary>Which rows are shown when there are too many: those with notes and what led there, then the first and the last.</summary>
internal static class RowSelection
{
    /// <summary>Rows before one with a note that are shown with it.</summary>
    private const int LeadIn = 4;

    public static SelectedRow[] Of(Row[] rows, int linesMax)
    {
        if (rows.Length <= linesMax)
            return [.. rows.Select(row => new SelectedRow(row, 0))];
        var kept = new SortedSet<int>();
        foreach (int place in ByImportance(rows).Take(2 * linesMax))
        {
            if (kept.Add(place) && LinesOf(kept, rows.Length) > linesMax)
                kept.Remove(place);                           // a smaller gap elsewhere may still have room
        }
        return WithGaps(rows, kept);
    }

    private static IEnumerable<int> ByImportance(Row[] rows)
    {
        int[] noted = [.. Enumerable.Range(0, rows.Length).Where(place => rows[place].Notes.Count > 0)];
        foreach (int place in noted)
            yield return place;
        foreach (int place in noted)
        {
            for (int before = 1; before <= LeadIn && place >= before; before++)
                yield return place - before;
        }
        for (int step = 0; step < rows.Length; step++)
        {
            yield return step;
            yield return rows.Length - 1 - step;
        }
    }

    // A gap takes a line, too.
    private static int LinesOf(SortedSet<int> kept, int count)
    {
        int lines = kept.Count;
        int next = 0;
        foreach (int place in kept)
        {
            lines += place > next ? 1 : 0;
            next = place + 1;
        }
        return lines + (next < count ? 1 : 0);
    }

    private static SelectedRow[] WithGaps(Row[] rows, SortedSet<int> kept)
    {
        var selected = new List<SelectedRow>();
        int next = 0;
        foreach (int place in kept)
        {
            selected.Add(new SelectedRow(rows[place], place - next));
            next = place + 1;
        }
        if (next < rows.Length)
            selected.Add(new SelectedRow(null, rows.Length - next));
        return [.. selected];
    }
}
