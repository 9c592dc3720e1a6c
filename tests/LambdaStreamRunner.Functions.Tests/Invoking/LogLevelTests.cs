using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Functions.Tests.Invoking;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/csharp-logging.html, "Using log-level filtering with .NET"</summary>
public class LogLevelTests
{
    private static readonly string[] All = ["Trace", "Debug", "Information", "Warning", "Error", "Critical"];

    [Theory]
    [InlineData(null, "Information")]
    [InlineData("loud", "Information")]
    [InlineData("TRACE", "Trace")]
    [InlineData("debug", "Debug")]
    [InlineData("INFO", "Information")]
    [InlineData("WARN", "Warning")]
    [InlineData("Warning", "Warning")]
    [InlineData("ERROR", "Error")]
    [InlineData("FATAL", "Critical")]
    public void Lines_below_the_level_are_not_heard(string? level, string first)
    {
        List<string> heard = [];
        FunctionListener listener = new FunctionListener { LogLine = line => heard.Add(line.Level) }.LoggingFrom(level);

        foreach (string written in All)
            listener.LogLine!(new FunctionLogLine("orders", "", written, "text"));

        Assert.Equal(All[Array.IndexOf(All, first)..], heard);
    }

    [Fact]
    public void A_level_of_the_handlers_own_is_always_heard()
    {
        List<string> heard = [];

        new FunctionListener { LogLine = line => heard.Add(line.Level) }.LoggingFrom("FATAL").LogLine!(new FunctionLogLine("orders", "", "Audit", "text"));

        Assert.Equal(["Audit"], heard);
    }

    [Fact]
    public void Who_hears_no_lines_hears_none_at_any_level() => Assert.Null(FunctionListener.Silent.LoggingFrom("TRACE").LogLine);
}
