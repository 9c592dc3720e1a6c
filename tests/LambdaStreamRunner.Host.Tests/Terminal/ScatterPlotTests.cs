using LambdaStreamRunner.Host.Terminal;

namespace LambdaStreamRunner.Host.Tests.Terminal;

public class ScatterPlotTests
{
    [Fact]
    public void Points_and_line_meet_where_they_are_equal()
    {
        IReadOnlyList<string> lines = ScatterPlot.Draw([(1, 10), (1000, 10_000)], x => 10 * x, y => $"{y:0}", "batch size");

        Assert.Contains("10000 ┤", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("●", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("   10 ┤●", lines[^3], StringComparison.Ordinal);
        Assert.Contains("batch size", lines[^1], StringComparison.Ordinal);
        Assert.All(lines.Take(lines.Count - 3).Skip(1), line => Assert.Contains(line, character => character is >= '\u2800' and <= '\u28ff'));
    }

    [Fact]
    public void A_single_point_is_in_the_middle() =>
        Assert.Single(ScatterPlot.Draw([(5, 5)], _ => 0, y => $"{y:0.#}", "x"), line => line.Contains('●', StringComparison.Ordinal));
}
