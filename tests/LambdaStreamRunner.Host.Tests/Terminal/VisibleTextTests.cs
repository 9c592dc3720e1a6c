using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Host.Traces;

namespace LambdaStreamRunner.Host.Tests.Terminal;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("10.0.0.7", "10.0.0.7")]
    [InlineData("日本 ü", "日本 ü")]
    [InlineData("\u001b[2J\u0007", "\\u001b[2J\\u0007")]
    [InlineData("a\u007f\u009b31m", "a\\u007f\\u009b31m")]
    [InlineData("a\u202etxt.exe\u2066", "a\\u202etxt.exe\\u2066")]
    public void What_would_command_a_terminal_is_shown(string text, string expected) => Assert.Equal(expected, VisibleText.Of(text));

    [Fact]
    public void A_long_text_is_cut()
    {
        Assert.Equal(new string('a', 60), VisibleText.Of(new string('a', 60)));
        Assert.Equal(new string('a', 59) + "…", VisibleText.Of(new string('a', 61)));
        Assert.Equal(new string('a', 59) + "…", VisibleText.Of(new string('a', 59) + "\u001b"));
    }

    [Fact]
    public void A_bad_line_of_a_trace_reached_the_terminal_with_its_escape_sequences()
    {
        var parser = CsvLineParser.Below("trace", "timeMs,partitionKey,bytes"u8);

        Assert.Equal("has bytes '\\u001b[31m1'; it takes a whole number from 0 to 1048576.", parser.Parse("0,a,\u001b[31m1"u8, out _));
    }

    [Fact]
    public void A_header_of_a_trace_reached_the_terminal_with_its_escape_sequences() =>
        Assert.Contains("the columns 'a', '\\u001b]0;x'", Assert.Throws<TraceException>(() => CsvLineParser.Below("trace", "a,\u001b]0;x"u8)).Message, StringComparison.Ordinal);
}
