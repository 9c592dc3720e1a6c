using LambdaStreamRunner.Host.Terminal;

namespace LambdaStreamRunner.Host.Tests.Terminal;

public class ErrorListTests
{
    [Fact]
    public void All_mistakes_come_at_once_each_with_its_place()
    {
        using var writer = new StringWriter();

        ErrorList.WriteErrors(TerminalConsole.On(writer, isTerminal: false), "config/runner.json",
        [
            new Mistake("EventSourceMappings[0].BatchSize", 7, "is 0; AWS takes 1 to 10000."),
            new Mistake("", null, "cannot be read."),
        ]);

        Assert.Equal(
            """
            config/runner.json has 2 mistakes; nothing was started.
              line 7: EventSourceMappings[0].BatchSize is 0; AWS takes 1 to 10000.
              cannot be read.

            """, writer.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Warnings_do_not_claim_that_nothing_was_started()
    {
        using var writer = new StringWriter();

        ErrorList.WriteWarnings(TerminalConsole.On(writer, isTerminal: false), "runner.json", [new Mistake("Streams.clicks", 3, "keeps 2 shards.")]);

        Assert.Contains("runner.json: 1 warning.", writer.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("nothing was started", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_mistakes_say_nothing()
    {
        using var writer = new StringWriter();

        ErrorList.WriteErrors(TerminalConsole.On(writer, isTerminal: false), "runner.json", []);

        Assert.Empty(writer.ToString());
    }
}
