using System.Buffers;
using System.Globalization;
using System.Text;
using LambdaStreamRunner.Host.Logs;
using LambdaStreamRunner.Host.Tests.Verbs;

namespace LambdaStreamRunner.Host.Tests.Logs;

public class LogOutputTests
{
    [Fact]
    public void Lines_of_one_thread_keep_their_order_and_none_is_lost()
    {
        using var written = new StringWriter(CultureInfo.InvariantCulture);
        using (var output = new LogOutput(written))
        {
            Parallel.For(0, 4, thread =>
            {
                for (int line = 0; line < 10_000; line++)
                    output.Add(FormattableString.Invariant($"{thread} {line}\n"), Copy);
            });
        }

        string[] lines = written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(40_000, lines.Length);
        foreach (IGrouping<string, string> thread in lines.Select(line => line.Split(' ')).GroupBy(line => line[0], line => line[1]))
            Assert.Equal(Enumerable.Range(0, 10_000).Select(line => line.ToString(CultureInfo.InvariantCulture)), thread);
    }

    [Fact]
    public void After_a_flush_everything_is_written_in_few_writes()
    {
        using var written = new GatedWriter();
        using var output = new LogOutput(written);

        for (int line = 0; line < 1_000; line++)
            output.Add("a line\n", Copy);
        written.Open();
        output.Flush();

        Assert.Equal(1_000 * "a line\n".Length, written.Text.Length);
        Assert.InRange(written.Writes, 1, 2);                 // the first one may have had any part of it
    }

    [Fact]
    public async Task Who_writes_more_than_can_wait_is_held_up_until_the_output_takes_it()
    {
        using var written = new GatedWriter();
        using var output = new LogOutput(written);
        string line = new('x', LogOutput.WaitingMax);
        output.Add(line, Copy);
        written.Begun.Wait(TestContext.Current.CancellationToken);
        output.Add(line + "y", Copy);

        Task third = Task.Run(() => output.Add(line, Copy), TestContext.Current.CancellationToken);
        Task<Task> first = Task.WhenAny(third, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken));

        Assert.NotSame(third, await first);                   // in real time: nothing tells that somebody waits
        written.Open();
        await third;
        output.Flush();
        Assert.Equal((3 * LogOutput.WaitingMax) + 1, written.Text.Length);
    }

    [Fact]
    public void An_output_that_is_full_ends_the_log_and_not_the_function()
    {
        using var written = new GatedWriter { Fault = new IOException("No space left on device") };
        written.Open();
        using var output = new LogOutput(written);

        output.Add("a line\n", Copy);
        output.Flush();
        output.Add("another\n", Copy);

        Assert.Equal("The log of the functions could not be written to its end: No space left on device", output.Problem);
    }

    private static void Copy(IBufferWriter<char> output, string line) => output.Write(line);

    /// <summary>Takes nothing before it is opened.</summary>
    private sealed class GatedWriter : TextWriter
    {
        private readonly ManualResetEventSlim _open = new();

        public ManualResetEventSlim Begun { get; } = new();

        public Exception? Fault { get; init; }

        public StringBuilder Text { get; } = new();

        public int Writes { get; private set; }

        public override Encoding Encoding => Encoding.UTF8;

        public void Open() => _open.Set();

        public override void Write(ReadOnlySpan<char> buffer)
        {
            Begun.Set();
            Assert.True(_open.Wait(LambdaStream.Patience));   // or a test that fails would not end
            if (Fault is { } fault)
                throw fault;
            Writes++;
            Text.Append(buffer);
        }
    }
}
