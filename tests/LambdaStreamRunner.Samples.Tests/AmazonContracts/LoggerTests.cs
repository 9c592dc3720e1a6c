using Amazon.Lambda.Core;

namespace LambdaStreamRunner.Samples.Tests.AmazonContracts;

/// <summary>A runtime that knows only plain lines still gets every message.</summary>
public class LoggerTests
{
    private readonly PlainLogger _plain = new();

    [Fact]
    public void Every_level_ends_in_a_line()
    {
        ILambdaLogger logger = _plain;

        logger.LogTrace("trace");
        logger.LogDebug("debug");
        logger.LogInformation("information");
        logger.LogWarning("warning");
        logger.LogError("error");
        logger.LogCritical("critical");

        Assert.Equal(["trace", "debug", "information", "warning", "error", "critical"], _plain.Lines);
    }

    private sealed class PlainLogger : ILambdaLogger
    {
        public List<string> Lines { get; } = [];

        public void Log(string message) => Lines.Add(message);

        public void LogLine(string message) => Lines.Add(message);
    }
}
