using System.Text;
using CsCheck;
using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

public sealed class LineSplitterTests
{
    [Fact]
    public void Lines_are_the_same_however_they_come() =>
        Gen.Select(Gen.String[Gen.Char["ab\n\r€ü😀"], 0, 40].Array[0, 6], Gen.Int[1, 7]).Sample((texts, size) =>
        {
            string text = string.Concat(texts.Select(part => part.Replace("\ud83d", "", StringComparison.Ordinal).Replace("\ude00", "", StringComparison.Ordinal)));
            string[] expected = [.. text.Split('\n').Select(line => line.EndsWith('\r') ? line[..^1] : line)];
            Assert.Equal(text.Length == 0 || text.EndsWith('\n') ? expected[..^1] : expected, Split(Encoding.UTF8.GetBytes(text).Chunk(size)));
        });

    [Fact]
    public void A_line_that_is_longer_than_the_longest_comes_in_pieces_of_whole_characters()
    {
        string line = new('€', LineSplitter.PieceBytesMax);   // three bytes each
        List<string> pieces = Split(Encoding.UTF8.GetBytes(line + "\nnext").Chunk(10_000));
        Assert.Equal("next", pieces[^1]);
        Assert.Equal(line, string.Concat(pieces[..^1]));
        Assert.All(pieces, piece => Assert.InRange(Encoding.UTF8.GetByteCount(piece), 1, LineSplitter.PieceBytesMax));
    }

    [Fact]
    public void A_line_of_exactly_the_longest_is_one()
    {
        string line = new('x', LineSplitter.PieceBytesMax);
        Assert.Equal([line, "y"], Split([Encoding.UTF8.GetBytes(line + "\ny\n")]));
    }

    [Fact]
    public void What_is_not_utf8_comes_as_replacement_characters() =>
        Assert.Equal(["a\ufffdb"], Split([[(byte)'a', 0xff, (byte)'b', (byte)'\n']]));

    [Fact]
    public void Binary_output_without_a_line_end_comes_in_pieces()
    {
        List<string> pieces = Split(Enumerable.Repeat(Enumerable.Repeat((byte)0x80, 100_000).ToArray(), 10));
        Assert.Equal(1_000_000, pieces.Sum(piece => piece.Length));
    }

    private static List<string> Split(IEnumerable<byte[]> output)
    {
        List<string> lines = [];
        var splitter = new LineSplitter(lines.Add);
        foreach (byte[] part in output)
            splitter.Add(part);
        splitter.End();
        return lines;
    }
}
