using System.Text;
using LambdaStreamRunner.Runner.Input;

namespace LambdaStreamRunner.Runner.Tests.Input;

public class InputReaderTests
{
    [Fact]
    public async Task Each_line_is_a_record_and_a_line_without_a_key_is_known_by_its_number() =>
        Assert.Equal(
            ["1: a <a 1>", "line 2 does not match /^(\\S+)/", "3: b <b 2>"],
            await ReadAll("a 1\n\nb 2", "/^(\\S+)/"));

    [Fact]
    public async Task With_a_key_that_is_written_out_an_empty_line_is_an_empty_record() =>
        Assert.Equal(["1: k <>", "2: k <x>"], await ReadAll("\nx\n", "k"));

    [Theory]
    [InlineData(1_048_574, true)]
    [InlineData(1_048_575, false)]
    [InlineData(1_048_577, false)]
    public async Task Key_and_line_together_have_the_room_of_one_record(int bytes, bool isRecord)
    {
        string line = Assert.Single(await ReadAll(new string('x', bytes), "ü"));

        Assert.Equal(isRecord, line.StartsWith("1: ü <", StringComparison.Ordinal));
        if (!isRecord)
            Assert.Equal($"line 1 has {(bytes > 1_048_576 ? bytes : bytes + 2)} bytes, and a record holds 1048576, its key included", line);
    }

    private static async Task<List<string>> ReadAll(string text, string partitionKey)
    {
        using var reader = new InputReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), PartitionKeyExpression.Parse(partitionKey));
        List<string> lines = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            InputRecord record = reader.Current;
            lines.Add(record.Complaint ?? $"{record.LineNumber}: {record.PartitionKey.Value} <{Encoding.UTF8.GetString(record.Data.Span)}>");
        }
        return lines;
    }
}
