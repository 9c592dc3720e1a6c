using LambdaStreamRunner.Host.Reports;
using LambdaStreamRunner.Simulation.Figures;

namespace LambdaStreamRunner.Host.Tests.Reports;

public class SimulationTableTests
{
    private static readonly SimulatedRun Run = Some.Run();

    [Fact]
    public void It_fits_80_columns_and_says_every_figure_with_its_unit()
    {
        string text = Text(Run);

        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 80, line));
        string[] titles = ["Iterator age", "Concurrency", "Partition keys", "Batch fill", "Cost", "Latency", "Drain time", "Duplicates", "Discarded", "Throttles", "Order"];
        Assert.All(titles, title => Assert.Contains($"\n{title} ", text, StringComparison.Ordinal));
        Assert.Contains("Seed 7.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Bars_can_be_compared_without_colours()
    {
        string[] lanes = [.. Text(Run).Split('\n').Where(line => line.Contains("shard 0 lane", StringComparison.Ordinal))];

        Assert.Equal(Run.Figures.Lanes.Where(lane => lane.Shard == 0).Select(lane => (int)Math.Round(lane.Busy * 40)), lanes.Select(line => line.Count(letter => letter == '█')));
    }

    [Fact]
    public void Without_prices_invocations_stand_in_the_place_of_the_cost()
    {
        string text = Text(Run with { Cost = null, Prices = null });

        Assert.Contains("\nInvocations ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("$", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_load_that_is_not_stable_is_said_first()
    {
        string text = Text(Run with { Figures = Run.Figures with { IsStable = false } });

        Assert.True(text.IndexOf("Not stable", StringComparison.Ordinal) < text.IndexOf("Iterator age", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(new double[0], "")]
    [InlineData(new double[] { 0, 0 }, "▁▁")]
    [InlineData(new double[] { 0, 4, 8 }, "▁▅█")]
    [InlineData(new double[] { 1, 8, 1, 1, 4, 1, 1, 1 }, "█▂▅▂")]
    public void A_course_is_a_line_of_blocks_as_wide_as_there_is_room(double[] values, string line) => Assert.Equal(line, Sparkline.Of(values, 4));

    [Fact]
    public void Nothing_measured_breaks_nothing()
    {
        SimulationFigures empty = Run.Figures with { Lanes = [], HotKeys = [], Course = [], WorstMinute = [], Records = 0, Duration = TimeSpan.Zero };

        Assert.Contains("Drain time", Text(Run with { Figures = empty }), StringComparison.Ordinal);
    }

    private static string Text(SimulatedRun run) => TuningTableTests.Rendered(console => SimulationTable.Write(console, run));
}
