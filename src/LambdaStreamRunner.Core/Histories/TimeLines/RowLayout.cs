using System.Globalization;
using System.Text;

namespace LambdaStreamRunner.Core.Histories.TimeLines;

/// <summary>Puts rows into columns: time, what, to what, where, and a bar by the time it took.</summary>
internal sealed class RowLayout
{
    /// <summary>Names take at most this share of a line.</summary>
    private const double SubjectShareMax = 0.46;

    /// <summary>Words behind a bar take at most this share of what the names leave.</summary>
    private const double TextShareMax = 0.6;

    private const int BarWidthMin = 3;

    /// <summary>Longer bars say no more, and leave no room for notes.</summary>
    private const int BarWidthMax = 32;

    /// <summary>Above it, times are hours, minutes and seconds.</summary>
    private static readonly TimeSpan SecondsMax = TimeSpan.FromSeconds(1_000);

    private readonly SelectedRow[] _selected;
    private readonly int _width;
    private readonly DateTimeOffset _origin;
    private readonly DateTimeOffset _start;
    private readonly TimeSpan _span;
    private readonly bool _hasShards;
    private readonly bool _hasHours;
    private readonly int _timeWidth;
    private readonly int _whatWidth;
    private readonly int _subjectWidth;
    private readonly int _placeWidth;
    private readonly int _barWidth;

    public RowLayout(SelectedRow[] selected, int width, DateTimeOffset origin)
    {
        Row[] rows = [.. selected.Select(entry => entry.Row).OfType<Row>()];
        (_selected, _width, _origin) = (selected, width, origin);
        _hasShards = rows.Select(row => row.ShardId).Distinct().Skip(1).Any();
        _start = rows.Select(row => row.Start).DefaultIfEmpty(origin).Min();
        DateTimeOffset end = rows.Select(row => row.End).DefaultIfEmpty(origin).Max();
        _span = end - _start;
        _hasHours = end - origin >= SecondsMax;
        _timeWidth = rows.Select(row => TimeOf(row).Length).DefaultIfEmpty().Max();
        _whatWidth = rows.Select(row => row.What.Length).DefaultIfEmpty().Max();
        _subjectWidth = Math.Min(rows.Select(row => row.Subject.Length).DefaultIfEmpty().Max(), (int)(width * SubjectShareMax));
        _placeWidth = rows.Select(row => PlaceOf(row).Length).DefaultIfEmpty().Max();
        int room = Math.Max(12, _width - BarColumn);
        int textWidth = Math.Min(rows.Select(row => row.Text.Length).DefaultIfEmpty().Max(), (int)(room * TextShareMax));
        _barWidth = Math.Clamp(room - textWidth - 2, BarWidthMin, BarWidthMax);     // less the sign at the end, and a space
    }

    private int BarColumn => 2 + _timeWidth + 2 + _whatWidth + 2 + _subjectWidth + (_subjectWidth > 0 ? 2 : 0) + _placeWidth + (_placeWidth > 0 ? 2 : 0);

    public string Draw()
    {
        var picture = new StringBuilder();
        foreach ((Row? row, int leftOut) in _selected)
        {
            if (leftOut > 0)
                picture.Append(CultureInfo.InvariantCulture, $"  {new string('.', 3).PadLeft(_timeWidth)}  {leftOut} more").Append('\n');
            if (row is not null)
                Draw(picture, row);
        }
        return picture.ToString();
    }

    private void Draw(StringBuilder picture, Row row)
    {
        var line = new StringBuilder("  ");
        line.Append(TimeOf(row).PadLeft(_timeWidth)).Append("  ").Append(row.What.PadRight(_whatWidth)).Append("  ");
        if (_subjectWidth > 0)
            line.Append(StepWords.Cut(row.Subject, _subjectWidth).PadRight(_subjectWidth)).Append("  ");
        if (_placeWidth > 0)
            line.Append(PlaceOf(row).PadRight(_placeWidth)).Append("  ");
        int from = CellOf(row.Start);
        int to = Math.Max(from, CellOf(row.End));       // clocks may step back
        line.Append(' ', from).Append('▇', to - from).Append(row.Mark);
        if (row.Text.Length > 0)
            line.Append(' ').Append(StepWords.Cut(row.Text, _width - line.Length - 1));
        AppendNotes(picture, line.ToString().TrimEnd(), row.Notes);
    }

    // Behind the line when there is room, else in lines of their own below it.
    private void AppendNotes(StringBuilder picture, string line, List<string> notes)
    {
        const string Arrow = "  <-- ";
        bool fits = notes.Count > 0 && line.Length + Arrow.Length + notes[0].Length <= _width;
        picture.Append(line).Append(fits ? Arrow + notes[0] : "").Append('\n');
        foreach (string note in notes.Skip(fits ? 1 : 0))
        {
            string lead = new string(' ', 2 + _timeWidth) + Arrow;
            foreach (string part in Wrapped(note, _width - lead.Length))
            {
                picture.Append(lead).Append(part).Append('\n');
                lead = new string(' ', lead.Length);
            }
        }
    }

    private static IEnumerable<string> Wrapped(string text, int width)
    {
        while (text.Length > width)
        {
            int end = text.LastIndexOf(' ', width);
            end = end > 0 ? end : width;
            yield return text[..end];
            text = text[end..].TrimStart();
        }
        yield return text;
    }

    // Where a clock has stepped back, a row may begin after the last one ends.
    private int CellOf(DateTimeOffset time) =>
        _span <= TimeSpan.Zero ? 0 : (int)Math.Clamp((double)(time - _start).Ticks / _span.Ticks * (_barWidth - 1), 0, _barWidth - 1);

    private string TimeOf(Row row)
    {
        TimeSpan since = row.Start - _origin;
        return _hasHours
            ? string.Create(CultureInfo.InvariantCulture, $"{(long)since.TotalHours}:{since.Minutes:00}:{since.Seconds:00}.{since.Milliseconds:000}")
            : since.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
    }

    private string PlaceOf(Row row)
    {
        string shard = _hasShards ? StepWords.ShardOf(row.ShardId) : "";
        string lane = row.Lane is { } number ? string.Create(CultureInfo.InvariantCulture, $"lane {number}") : "";
        return $"{shard} {lane}".Trim();
    }
}
