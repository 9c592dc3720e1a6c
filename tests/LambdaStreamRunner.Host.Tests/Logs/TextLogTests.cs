using System.Buffers;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Host.Logs;

namespace LambdaStreamRunner.Host.Tests.Logs;

public class TextLogTests
{
    [Fact]
    public void A_line_begins_with_who_wrote_it_and_in_which_invocation()
    {
        Assert.Equal("Clicks id-1 Warning it is late\n", Written(new FunctionLogLine("Clicks", "id-1", "Warning", "it is late")));
        Assert.Equal("Clicks Information it starts\n", Written(new FunctionLogLine("Clicks", "", "Information", "it starts")));
    }

    [Fact]
    public void What_would_command_a_terminal_is_shown()
    {
        Assert.Equal(
            "Clicks id Odd\\u0007 a\ttab \\u001b[2J\\u009b1A \\u202eright to left, é 語\n",
            Written(new FunctionLogLine("Clicks", "id", "Odd\a", "a\ttab \u001b[2J\u009b1A \u202eright to left, é 語")));
    }

    [Fact]
    public void Further_lines_of_a_text_cannot_be_taken_for_lines_of_others()
    {
        Assert.Equal(
            "Clicks id Error it broke\n  Orders id Information forged\n  at Place\n",
            Written(new FunctionLogLine("Clicks", "id", "Error", "it broke\r\nOrders id Information forged\nat Place\n")));
    }

    [Fact]
    public void A_long_text_is_cut_and_says_by_how_much()
    {
        string text = Written(new FunctionLogLine("Clicks", "id", "Information", new string('x', ILogFormat.TextMax + 1_234)));

        Assert.EndsWith("xxx… [1,234 more characters]\n", text, StringComparison.Ordinal);
        Assert.Equal(ILogFormat.TextMax, text.Count(letter => letter == 'x'));
    }

    [Fact]
    public void Reports_are_the_lines_that_Lambda_writes()
    {
        var report = new InvocationReport
        {
            FunctionName = "Clicks",
            RequestId = "id-1",
            LogStreamName = "stream",
            Duration = TimeSpan.FromMilliseconds(12.345),
            MemorySize = 256,
            MaxMemoryUsed = 61,
            InitDuration = TimeSpan.FromMilliseconds(100.2),
        };

        Assert.Equal(
            "Clicks REPORT RequestId: id-1\tDuration: 12.35 ms\tBilled Duration: 113 ms\tMemory Size: 256 MB\tMax Memory Used: 61 MB\tInit Duration: 100.20 ms\n",
            Written((log, output) => log.Write(output, report)));
    }

    [Fact]
    public void Starts_of_environments_are_told_and_failed_ones_as_Lambda_tells_them()
    {
        var ready = new InitReport { FunctionName = "Clicks", LogStreamName = "2026/11/27/[$LATEST]abc", Duration = TimeSpan.FromMilliseconds(45.4) };

        Assert.Equal("Clicks environment 2026/11/27/[$LATEST]abc is ready after 45 ms.\n", Written((log, output) => log.Write(output, ready)));
        Assert.Equal(
            "Clicks INIT_REPORT Init Duration: 45.40 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.ExitError\n",
            Written((log, output) => log.Write(output, ready with { Status = "error", ErrorType = "Runtime.ExitError", IsWithinInvocation = true })));
    }

    private static string Written(FunctionLogLine line) => Written((log, output) => log.Write(output, line));

    private static string Written(Action<ILogFormat, IBufferWriter<char>> write)
    {
        var output = new ArrayBufferWriter<char>();
        write(new TextLog(), output);
        return output.WrittenSpan.ToString();
    }
}
