using System.Text;
using CsCheck;
using LambdaStreamRunner.Runner.Input;

namespace LambdaStreamRunner.Runner.Tests.Input;

public class LineReaderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\nb", new[] { "a", "b" })]
    [InlineData("a\r\nb\r\n", new[] { "a", "b" })]
    [InlineData("\n\na\n", new[] { "", "", "a" })]
    [InlineData("\r\n", new[] { "" })]
    [InlineData("a\rb\n", new[] { "a\rb" })]
    [InlineData("a\r", new[] { "a\r" })]
    [InlineData("a\r\r\n", new[] { "a\r" })]
    public async Task Lines_end_with_a_line_feed_or_both_and_the_last_one_with_the_stream(string text, string[] lines)
    {
        List<(long Number, string Text, long Length)> read = await ReadAll(Encoding.UTF8.GetBytes(text));

        Assert.Equal(lines, read.Select(line => line.Text));
        Assert.Equal(Enumerable.Range(1, lines.Length).Select(n => (long)n), read.Select(line => line.Number));
    }

    [Fact]
    public async Task Bytes_are_handed_on_as_they_are_text_or_not()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, 0x00, 0xFF, (byte)'\n'];
        using var reader = new LineReader(new MemoryStream(bytes));

        Assert.True(await reader.ReadAsync(Cancellation));

        Assert.Equal(bytes[..^1], reader.Current.Data.ToArray());
    }

    [Fact]
    public void Any_text_in_any_pieces_gives_the_lines_that_splitting_gives()
    {
        Gen<string> text = Gen.Char["ab\r\n\n"].Array[0, 60].Select(letters => new string(letters));
        Gen.Select(text, Gen.Int[1, 7].Array[1, 5]).Sample((text, pieces) =>
        {
            List<string> lines = [.. text.Split('\n')];
            string rest = lines[^1];
            lines = [.. lines.SkipLast(1).Select(line => line.EndsWith('\r') ? line[..^1] : line)];
            if (rest.Length > 0)
                lines.Add(rest);

            Assert.Equal(lines, ReadAll(Encoding.UTF8.GetBytes(text), pieces).Result.Select(line => line.Text));
        });
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("")]
    public async Task A_line_of_exactly_a_MiB_is_read_and_one_byte_more_is_passed_over(string lineEnd)
    {
        string most = new('x', Line.RecordBytesMax);

        Assert.Equal((1, most, (long)most.Length), Assert.Single(await ReadAll(Encoding.ASCII.GetBytes(most + lineEnd))));
        Assert.Equal((1, "", most.Length + 1L), Assert.Single(await ReadAll(Encoding.ASCII.GetBytes(most + "x" + lineEnd))));
    }

    [Theory]
    [InlineData(1_048_577)]
    [InlineData(1_048_578)]
    [InlineData(1_048_579)]
    [InlineData(2_097_152)]
    [InlineData(2_097_153)]
    [InlineData(9_999_999)]
    public async Task A_line_that_is_too_long_is_known_by_number_and_length_and_the_next_one_is_read(int length)
    {
        byte[] bytes = Encoding.ASCII.GetBytes("before\n" + new string('x', length) + "\r\nafter\n");

        foreach (int piece in new[] { int.MaxValue, 65_536, 1_048_576, 33_333 })
        {
            Assert.Equal(
                [(1, "before", 6), (2, "", length), (3, "after", 5)],
                await ReadAll(bytes, piece));
        }
    }

    [Fact]
    public async Task The_memory_does_not_grow_with_the_number_of_lines()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(new string('x', 99) + "\n", 20_000)));
        using var reader = new LineReader(new MemoryStream(bytes));
        await reader.ReadAsync(Cancellation);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int lines = 1;
        while (await reader.ReadAsync(Cancellation))
            lines++;

        Assert.Equal(20_000, lines);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 65_536);
    }

    [Fact]
    public async Task A_cancelled_read_reads_nothing()
    {
        using var reader = new LineReader(new MemoryStream([1]));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reader.ReadAsync(new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_reader_that_is_disposed_gives_no_more_lines()
    {
        var reader = new LineReader(new MemoryStream([1]));
        reader.Dispose();
        reader.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await reader.ReadAsync(Cancellation));
    }

    private static async Task<List<(long Number, string Text, long Length)>> ReadAll(byte[] bytes, params int[] pieces)
    {
        using var reader = new LineReader(new TrickleStream(bytes, pieces));
        List<(long, string, long)> lines = [];
        while (await reader.ReadAsync(Cancellation))
        {
            Assert.Equal(reader.Current.Length > Line.RecordBytesMax, reader.Current.IsTooLong);
            lines.Add((reader.Current.Number, Encoding.UTF8.GetString(reader.Current.Data.Span), reader.Current.Length));
        }
        Assert.False(await reader.ReadAsync(Cancellation));
        return lines;
    }
}
