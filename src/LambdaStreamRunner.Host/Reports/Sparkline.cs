namespace LambdaStreamRunner.Host.Reports;

/// <summary>A course of numbers as one line of blocks.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>The line: the highest of each stretch, from 0 to the highest of all.</summary>
    /// <param name="values">None makes an empty line.</param>
    /// <param name="width">Most characters.</param>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        if (values.Count == 0)
            return "";
        double[] heights = [.. values.Chunk((values.Count + width - 1) / width).Select(stretch => stretch.Max())];
        double most = heights.Max();
        return string.Concat(heights.Select(height => Blocks[most <= 0 ? 0 : Math.Clamp((int)(height / most * Blocks.Length), 0, Blocks.Length - 1)]));
    }
}
