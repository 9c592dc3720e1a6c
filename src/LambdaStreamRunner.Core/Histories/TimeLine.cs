using LambdaStreamRunner.Core.Histories.TimeLines;

namespace LambdaStreamRunner.Core.Histories;

/// <summary>Draws a history as text: a line for each thing that happened, a bar for each invocation, beside each other by time.</summary>
/// <remarks>
/// Records are named by their key and their place among the records of that key: A#2 is the second record of key A in the
/// whole history. Invocations are numbered through the whole history as well, and times are seconds since its first step,
/// so that names in two stretches of one history mean the same.
/// </remarks>
public static class TimeLine
{
    /// <summary>Draws a history, or the stretch of it that the options ask for.</summary>
    /// <param name="steps">The steps of one mapping, in order.</param>
    /// <param name="options">What is shown, and how large; everything in 60 lines of 100 columns by default.</param>
    /// <returns>Lines without trailing spaces, each with a line feed; empty when there is nothing to show.</returns>
    public static string Draw(IReadOnlyList<HistoryStep> steps, TimeLineOptions? options = null)
    {
        options ??= new TimeLineOptions();
        if (steps.Count == 0)
            return "";
        var rows = new RowList(steps, options);
        SelectedRow[] selected = RowSelection.Of([.. rows.Shown], options.LinesMax);
        return new RowLayout(selected, options.Width, steps[0].Time).Draw();
    }
}
