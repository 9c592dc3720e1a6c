using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Environments;

namespace LambdaStreamRunner.Runner.Tests.Environments;

/// <summary>What a line of an environment's output becomes in the function's log.</summary>
public sealed class LogLinesTests
{
    [Theory]
    [InlineData("2026-01-31T12:00:00.000Z\tID\tERROR\tno\tgood", "ID", "Error", "no\tgood")]
    [InlineData("2026-01-31T12:00:00.000Z\tID\tinfo\tfirst\rsecond", "ID", "Information", "first\nsecond")]
    [InlineData("2026-01-31T12:00:00.000Z\tundefined\tWARN\tbefore the first", "running", "Warning", "before the first")]
    [InlineData("[WARNING]\t2026-01-31T12:00:00.000Z\tID\tlate\ragain", "ID", "Warning", "late\nagain")]
    [InlineData("[INFO]\t2026-01-31T12:00:00.000Z\t\tloading", "running", "Information", "loading")]
    [InlineData("[ERROR] ValueError: no stock\rTraceback (most recent call last):", "running", "Information", "[ERROR] ValueError: no stock\rTraceback (most recent call last):")]
    [InlineData("[a]\tb\tc\td", "running", "Information", "[a]\tb\tc\td")]
    [InlineData("""{"a":1}""", "running", "Information", """{"a":1}""")]
    [InlineData("""{"level":7}""", "running", "Information", """{"level":7}""")]
    [InlineData("""{"level":"odd"}""", "running", "Information", """{"level":"odd"}""")]
    [InlineData("""{"level":"\ud83d"}""", "running", "Information", """{"level":"\ud83d"}""")]
    [InlineData("""{"level":"INFO}""", "running", "Information", """{"level":"INFO}""")]
    [InlineData("plain text", "running", "Information", "plain text")]
    [InlineData("a\tb\tc\td", "running", "Information", "a\tb\tc\td")]
    [InlineData("1\t2\t3\t4", "running", "Information", "1\t2\t3\t4")]
    [InlineData("\t\t\t", "running", "Information", "\t\t\t")]
    [InlineData("", "running", "Information", "")]
    public void Time_id_and_level_are_told_apart_from_the_text(string line, string id, string level, string text) =>
        Assert.Equal(new FunctionLogLine("Odd", id, level, text), LogLines.Read("Odd", line, "running"));

    [Theory]
    [InlineData("""{"level":"WARN","requestId":"ID","message":"late"}""", "ID", "Warning")]
    [InlineData("""{"level":"Information","message":"late"}""", "running", "Information")]
    [InlineData("""{"log_level":"ERROR","requestId":"","errorType":"ValueError"}""", "running", "Error")]
    [InlineData("""{"Level":"critical","AWSRequestId":"ID"}""", "ID", "Critical")]
    public void A_JSON_object_with_a_level_stays_what_it_is(string line, string id, string level) =>
        Assert.Equal(new FunctionLogLine("Odd", id, level, line) { IsJson = true }, LogLines.Read("Odd", line, "running"));

    [Fact]
    public void A_line_between_two_invocations_belongs_to_none() =>
        Assert.Equal("", LogLines.Read("Odd", "started", running: null).RequestId);
}
