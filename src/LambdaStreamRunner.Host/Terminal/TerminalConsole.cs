using Spectre.Console;

namespace LambdaStreamRunner.Host.Terminal;

/// <summary>A console over one of the program's two outputs.</summary>
public static class TerminalConsole
{
    /// <summary>Columns where no terminal says how many there are: in a file or a log a sentence is a line, and tables are not squeezed.</summary>
    private const int PlainWidth = 1_000;

    /// <summary>A console that writes to <paramref name="writer"/>.</summary>
    /// <param name="writer">Standard output, or standard error under <c>--json</c>.</param>
    /// <param name="isTerminal">False when it is redirected: then there are no colours and nothing is drawn over.</param>
    public static IAnsiConsole On(TextWriter writer, bool isTerminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
            console.Profile.Width = PlainWidth;
        return console;
    }
}
