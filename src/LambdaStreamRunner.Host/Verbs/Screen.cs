using LambdaStreamRunner.Host.Terminal;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>Where a verb writes: people read one console; under --json a program reads standard output.</summary>
internal sealed class Screen
{
    private readonly TextWriter _document;

    private Screen(TextWriter document, IAnsiConsole people, TextWriter logs) => (_document, People, Logs) = (document, people, logs);

    /// <summary>For people: progress, tables, complaints.</summary>
    public IAnsiConsole People { get; }

    /// <summary>For the log of functions.</summary>
    public TextWriter Logs { get; }

    /// <summary>The screen of a verb. Under --json, standard output is kept for one document: whatever else writes to the console, handlers included, goes to standard error.</summary>
    public static Screen Open(bool json) => Open(json ? StandardOutput.Document : StandardOutput.People);

    /// <summary>The screen of a verb whose functions have a log.</summary>
    /// <param name="output">What alone goes to standard output; the others, and whatever handlers write to the console, go to standard error.</param>
    public static Screen Open(StandardOutput output)
    {
        if (Console.IsOutputRedirected)
            Console.SetOut(InWholeLines());
        TextWriter standard = Console.Out;
        if (output is not StandardOutput.People)
            Console.SetOut(Console.Error);
        TextWriter people = Console.Out;
        bool isTerminal = output is StandardOutput.People ? !Console.IsOutputRedirected : !Console.IsErrorRedirected;
        return new Screen(standard, TerminalConsole.On(people, isTerminal), output is StandardOutput.Logs ? standard : people);
    }

    /// <summary>A line for people, never wrapped.</summary>
    public void Say(string line) => People.Profile.Out.Writer.WriteLine(line);

    /// <summary>A complaint; on standard error when standard output is for people.</summary>
    public static void Complain(string line) => Console.Error.WriteLine(line);

    /// <summary>Complains about every mistake; true when there was one.</summary>
    public static bool ComplainAbout(IEnumerable<string> mistakes)
    {
        bool any = false;
        foreach (string mistake in mistakes)
        {
            any = true;
            Complain(mistake);
        }
        return any;
    }

    /// <summary>The one document of --json.</summary>
    public void WriteDocument(string json)
    {
        _document.WriteLine(json);
        _document.Flush();
    }

    // The console's own writer takes 256 characters at a time to the system.
    private static StreamWriter InWholeLines() => new(Console.OpenStandardOutput(), Console.Out.Encoding, bufferSize: 32 * 1024) { AutoFlush = true };
}

/// <summary>What standard output is kept for.</summary>
internal enum StandardOutput
{
    /// <summary>For people: progress, tables, and the log in between.</summary>
    People,

    /// <summary>For the one document of --json.</summary>
    Document,

    /// <summary>For the log of functions, one JSON object a line.</summary>
    Logs,
}
