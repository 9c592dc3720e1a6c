using Spectre.Console;

namespace LambdaStreamRunner.Host.Terminal;

/// <summary>Every mistake of a configuration at once, in an order and in words that help a beginner.</summary>
public static class ErrorList
{
    /// <summary>Writes the mistakes under a heading that says that nothing was started.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="file">The file they are in.</param>
    /// <param name="mistakes">In the order of the file; none writes nothing.</param>
    public static void WriteErrors(IAnsiConsole console, string file, IReadOnlyList<Mistake> mistakes)
    {
        if (mistakes.Count == 0)
            return;
        console.MarkupLineInterpolated($"[red]{file} has {Figures.Some(mistakes.Count, "mistake")}; nothing was started.[/]");
        Write(console, "red", mistakes);
    }

    /// <summary>Writes what is obeyed otherwise than a reader may expect; it stops nobody.</summary>
    public static void WriteWarnings(IAnsiConsole console, string file, IReadOnlyList<Mistake> warnings)
    {
        if (warnings.Count == 0)
            return;
        console.MarkupLineInterpolated($"[yellow]{file}: {Figures.Some(warnings.Count, "warning")}.[/]");
        Write(console, "yellow", warnings);
    }

    private static void Write(IAnsiConsole console, string colour, IReadOnlyList<Mistake> mistakes)
    {
        foreach (Mistake mistake in mistakes)
        {
            string place = mistake.Line is int line ? FormattableString.Invariant($"line {line}: ") : "";
            string path = mistake.Path.Length == 0 ? "" : mistake.Path + " ";
            console.MarkupLine($"  {Markup.Escape(place)}[{colour}]{Markup.Escape(path)}[/]{Markup.Escape(mistake.Text)}");
        }
    }
}

/// <summary>One thing to correct.</summary>
/// <param name="Path">Where, as <c>EventSourceMappings[0].BatchSize</c>; empty for the file as a whole.</param>
/// <param name="Line">Line of the file, from 1; null when there is none to name.</param>
/// <param name="Text">The rest of the sentence that begins with the path.</param>
public sealed record Mistake(string Path, int? Line, string Text);
