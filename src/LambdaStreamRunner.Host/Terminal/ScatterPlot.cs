using System.Globalization;
using System.Text;

namespace LambdaStreamRunner.Host.Terminal;

/// <summary>Points and a line on two logarithmic axes, drawn with characters: <c>●</c> for a point, braille dots for the line.</summary>
/// <remarks>Spectre.Console's charts are bars and pixels without axes.</remarks>
internal static class ScatterPlot
{
    private const int Width = 60;
    private const int Height = 14;
    private const int Braille = 0x2800;

    // The bits of a braille pattern's dots: two columns of four.
    private static readonly int[,] Dots = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    /// <summary>Draws it, a string per line of the terminal.</summary>
    /// <param name="points">Above zero both; at least one.</param>
    /// <param name="line">The line's height at an x; not drawn where it is not above zero.</param>
    /// <param name="labelOfY">What is written beside a height.</param>
    /// <param name="nameOfX">What the x axis shows.</param>
    public static IReadOnlyList<string> Draw(IReadOnlyList<(double X, double Y)> points, Func<double, double> line, Func<double, string> labelOfY, string nameOfX)
    {
        Axis x = Axis.Over(points.Select(point => point.X));
        Axis y = Axis.Over([.. points.Select(point => point.Y), .. new[] { x.Low, x.High }.Select(line).Where(height => height > 0)]);
        int[,] cells = new int[Width, Height];
        DrawLine(cells, x, y, line);
        bool[,] marks = new bool[Width, Height];
        foreach ((double pointX, double pointY) in points)
            marks[(int)Math.Round(x.ShareOf(pointX) * (Width - 1)), RowOf(y.ShareOf(pointY), Height)] = true;

        int margin = new[] { y.High, y.Middle, y.Low }.Max(height => labelOfY(height).Length);
        List<string> lines = [];
        for (int row = 0; row < Height; row++)
        {
            string label = row switch { 0 => labelOfY(y.High), Height / 2 => labelOfY(y.Middle), Height - 1 => labelOfY(y.Low), _ => "" };
            lines.Add($"{label.PadLeft(margin)} {(label.Length > 0 ? '┤' : '│')}{RowOf(cells, marks, row)}");
        }
        lines.Add($"{new string(' ', margin)} └{new string('─', Width)}");
        string high = x.High.ToString("0.##", CultureInfo.InvariantCulture);
        string low = x.Low.ToString("0.##", CultureInfo.InvariantCulture);
        int gap = Width - low.Length - high.Length;
        lines.Add($"{new string(' ', margin + 2)}{low}{Centred(nameOfX, gap)}{high}");
        return lines;
    }

    private static void DrawLine(int[,] cells, Axis x, Axis y, Func<double, double> line)
    {
        for (int column = 0; column < Width * 2; column++)
        {
            double height = line(x.At(column / ((Width * 2) - 1.0)));
            if (height <= 0 || y.ShareOf(height) is < 0 or > 1)
                continue;
            int row = RowOf(y.ShareOf(height), Height * 4);
            cells[column / 2, row / 4] |= Dots[column % 2, row % 4];
        }
    }

    private static int RowOf(double share, int rows) => (int)Math.Round((1 - share) * (rows - 1));

    private static string RowOf(int[,] cells, bool[,] marks, int row)
    {
        var text = new StringBuilder(Width);
        for (int column = 0; column < Width; column++)
            text.Append(marks[column, row] ? '●' : cells[column, row] == 0 ? ' ' : (char)(Braille + cells[column, row]));
        return text.ToString().TrimEnd();
    }

    private static string Centred(string text, int width) => text.PadLeft((width + text.Length) / 2).PadRight(width);

    /// <summary>A logarithmic axis.</summary>
    private readonly record struct Axis(double Low, double High)
    {
        public double Middle => At(0.5);

        public static Axis Over(IEnumerable<double> values)
        {
            double[] all = [.. values];
            (double low, double high) = (all.Min(), all.Max());
            return low < high * 0.999 ? new Axis(low, high) : new Axis(low / 2, high * 2);
        }

        public double At(double share) => Low * Math.Pow(High / Low, share);

        public double ShareOf(double value) => Math.Clamp(Math.Log(value / Low) / Math.Log(High / Low), -1, 2);
    }
}
