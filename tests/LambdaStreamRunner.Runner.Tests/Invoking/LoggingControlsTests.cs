using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Invoking;

namespace LambdaStreamRunner.Runner.Tests.Invoking;

/// <summary>What a LoggingConfig keeps of a function's log. <see href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html"/>.</summary>
public class LoggingControlsTests
{
    private static readonly FunctionLogging Json = new() { LogFormat = FunctionLogFormat.Json };

    [Theory]
    [InlineData(FunctionLogFormat.Text, null, "Trace Debug Information Warning Error Critical odd")]
    [InlineData(FunctionLogFormat.Json, null, "Information Warning Error Critical odd")]
    [InlineData(FunctionLogFormat.Json, FunctionLogLevel.Trace, "Trace Debug Information Warning Error Critical odd")]
    [InlineData(FunctionLogFormat.Json, FunctionLogLevel.Error, "Error Critical")]
    public void Lines_below_the_least_level_are_dropped(FunctionLogFormat format, FunctionLogLevel? least, string kept)
    {
        string[] levels = ["Trace", "Debug", "Information", "Warning", "Error", "Critical", "odd"];

        Assert.Equal(kept, Kept(Process(new FunctionLogging { LogFormat = format, ApplicationLogLevel = least }), [.. levels.Select(level => Line(level) with { IsJson = true })]));
    }

    [Fact]
    public void What_a_process_prints_without_a_level_is_kept() =>
        Assert.Equal("Information", Kept(Process(Json with { ApplicationLogLevel = FunctionLogLevel.Fatal }), Line("Information")));

    [Fact]
    public void Lines_of_other_functions_are_kept() =>
        Assert.Equal("Debug", Kept(Process(Json) with { Name = "other" }, Line("Debug") with { IsJson = true }));

    [Theory]
    [InlineData(FunctionLogLevel.Debug, "report, failed report, init, failed init")]
    [InlineData(null, "report, failed report, failed init")]
    [InlineData(FunctionLogLevel.Warn, "failed report, failed init")]
    public void Reports_of_what_went_well_are_dropped_first(FunctionLogLevel? least, string kept)
    {
        List<string> heard = [];
        FunctionListener listener = Listener(
            new FunctionListener { Report = report => heard.Add(report.Status is null ? "report" : "failed report"), InitReport = report => heard.Add(report.Status is null ? "init" : "failed init") },
            Process(Json with { SystemLogLevel = least }));

        foreach (string? status in (string?[])[null, "error"])
            listener.Report!(new InvocationReport { FunctionName = "shop", RequestId = "id", LogStreamName = "stream", Duration = TimeSpan.FromMilliseconds(1), MemorySize = 128, Status = status });
        foreach (string? status in (string?[])[null, "error"])
            listener.InitReport!(new InitReport { FunctionName = "shop", LogStreamName = "stream", Duration = TimeSpan.FromMilliseconds(1), Status = status });

        Assert.Equal(kept, string.Join(", ", heard));
    }

    [Fact]
    public void Nobody_who_listens_stays_nobody()
    {
        FunctionListener listener = Listener(FunctionListener.Silent, Process(Json));

        Assert.Null(listener.LogLine);
        Assert.Null(listener.Report);
        Assert.Null(listener.InitReport);
    }

    private static string Kept(FunctionConfiguration function, params FunctionLogLine[] lines)
    {
        List<string> kept = [];
        FunctionListener listener = Listener(new FunctionListener { LogLine = line => kept.Add(line.Level) }, function);
        foreach (FunctionLogLine line in lines)
            listener.LogLine!(line);
        return string.Join(' ', kept);
    }

    private static FunctionListener Listener(FunctionListener heard, FunctionConfiguration function)
    {
        var controls = new LoggingControls(heard);
        controls.Follow(function);
        return controls.Listener;
    }

    private static FunctionLogLine Line(string level) => new("shop", "id", level, "text");

    private static FunctionConfiguration Process(FunctionLogging logging) => new()
    {
        Name = "shop",
        Arn = "arn:aws:lambda:us-east-1:000000000000:function:shop",
        CodeUri = "/shop",
        Handler = "app.handler",
        Hosting = FunctionHosting.Process,
        Logging = logging,
    };
}
