using System.CommandLine;
using LambdaStreamRunner.Host.Verbs;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary>The command lines themselves; nothing is started.</summary>
public class CommandLineTests
{
    public static TheoryData<string> Verbs => ["run", "put", "check", "replay", "capture", "measure", "simulate", "tune"];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task The_help_of_every_verb_shows_an_example(string verb)
    {
        using var help = new StringWriter();

        int exitCode = await Root().Parse([verb, "--help"]).InvokeAsync(new InvocationConfiguration { Output = help }, TestContext.Current.CancellationToken);

        Assert.Equal(0, exitCode);
        Assert.Contains($"lambda-stream {verb} --", help.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port is 65536", "--port", "65536")]
    [InlineData("--speed is 0", "--speed", "0")]
    [InlineData("--speed is NaN", "--speed", "NaN")]
    [InlineData("--polling is 'lazy'", "--polling", "lazy")]
    [InlineData("it can be 'none' or 'aws'", "--limits", "some")]
    [InlineData("--data and --in-memory contradict each other", "--data", "somewhere", "--in-memory")]
    [InlineData("--data is empty", "--data", "")]
    [InlineData("--fsync is about the disk", "--fsync", "--in-memory")]
    [InlineData("--memory-limit is 0", "--memory-limit", "0")]
    [InlineData("--host is 'somewhere'", "--host", "somewhere")]
    [InlineData("--drain-timeout", "--drain-timeout", "5")]
    [InlineData("--drain-timeout", "--until-drained", "--drain-timeout", "0")]
    [InlineData("--drain-timeout", "--until-drained", "--drain-timeout", "NaN")]
    [InlineData("--drain-timeout", "--until-drained", "--drain-timeout", "1e300")]
    [InlineData("--input needs --stream NAME and --partition-key EXPR", "--input", "file")]
    [InlineData("add --input FILE", "--stream", "clicks")]
    public void Wrong_usage_of_run_is_told_in_one_sentence(string expected, params string[] arguments)
    {
        var options = new RunOptions();
        var command = new Command("run");
        options.AddTo(command);

        Assert.Contains(expected, Assert.Single(options.Mistakes(command.Parse(arguments))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--partition-key EXPR says which key a line gets")]
    [InlineData("--partition-key goes with --input", "--generate", "1", "--partition-key", "a")]
    [InlineData("--generate takes 0 or more", "--generate", "-1")]
    [InlineData("--keys takes 1 to", "--generate", "1", "--keys", "0")]
    [InlineData("--size takes 0 to", "--generate", "1", "--size", "1048576")]
    [InlineData("--rate takes a number above 0", "--generate", "1", "--rate", "0")]
    [InlineData("--rate takes a number above 0", "--generate", "1", "--rate", "NaN")]
    [InlineData("--rate takes a number above 0", "--generate", "1", "--rate", "1e-300")]
    [InlineData("--partition-key: ", "--partition-key", "/(/")]
    [InlineData("--partition-key: ", "--partition-key", "")]
    [InlineData("--input: ", "--partition-key", "a", "--input", "/nowhere/at/all")]
    [InlineData("AWS itself cannot be reached", "--generate", "1", "--endpoint", "https://kinesis.us-east-1.amazonaws.com")]
    public void Wrong_usage_of_put_is_told_in_one_sentence(string expected, params string[] arguments)
    {
        ParseResult parsed = PutVerb.Create().Parse(["--stream", "clicks", .. arguments]);

        Assert.Contains(expected, Assert.Single(PutVerb.Mistakes(parsed)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_that_is_no_URL_is_refused() =>
        Assert.Contains("must be a URL", Assert.Single(PutVerb.Create().Parse(["--stream", "clicks", "--endpoint", "here"]).Errors).Message, StringComparison.Ordinal);

    private static RootCommand Root() =>
        new() { RunVerb.Create(), PutVerb.Create(), CheckVerb.Create(), ReplayVerb.Create(), CaptureVerb.Create(), MeasureVerb.Create(), SimulateVerb.Create(), TuneVerb.Create() };
}
