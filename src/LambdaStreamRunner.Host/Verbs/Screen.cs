using LambdaStreamRunner.Host.Terminal;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>Where a verb writes: people read one console; under --json a program reads standard output.</summary>
internal sealed class Screen
{
    private readonly TextWriter _document;

    private Screen(TextWriter document, IAnsiConsole people) => (_document, People) = (document, people);

    /// <summary>For people: progress, tables, complaints.</summary>
    public IAnsiConsole People { get; }

    /// <summary>The screen of a verb. Under --json, standard output is kept for one document: whatever else writes to the console, handlers included, goes to standard error.</summary>
    public static Screen Open(bool json)
    {
        TextWriter document = Console.Out;
        if (json)
            Console.SetOut(Console.Error);
        TextWriter people = json ? Console.Error : document;
        bool isTerminal = json ? !Console.IsErrorRedirected : !Console.IsOutputRedirected;
        return new Screen(document, TerminalConsole.On(people, isTerminal));
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
}
