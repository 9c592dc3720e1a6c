using LambdaStreamRunner.Host.Reports;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Simulation.Tuning;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Tests.Reports;

public class TuningTableTests
{
    [Fact]
    public void It_prints()
    {
        TuningResult result = Some.Result();
        string text = Rendered(console => TuningTable.Write(console, result, Some.Verification(result)));
        TestContext.Current.TestOutputHelper!.WriteLine(text);
        Console.WriteLine(text);
        Console.WriteLine(TuningDocument.ToJson(result, null, Some.Origin).Length);
    }

    internal static string Rendered(Action<IAnsiConsole> write, int width = 80)
    {
        using var writer = new StringWriter();
        IAnsiConsole console = TerminalConsole.On(writer, isTerminal: false);
        console.Profile.Width = width;
        write(console);
        return writer.ToString();
    }
}
