using System.Text;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Lines of a CSV file (RFC 4180) below a header that names the columns.</summary>
internal sealed class CsvLineParser : TraceLineParser
{
    private static readonly string[] Names =
        [TraceFields.TimeMsName, TraceFields.PartitionKeyName, TraceFields.KeyHashName, TraceFields.BytesName, TraceFields.ExplicitHashKeyName, TraceFields.KeyBytesName];

    /// <summary>Columns that a complaint names: what is no trace may have any number.</summary>
    private const int NamedMax = 10;

    private readonly int[] _columns;                          // by the places of Names; -1 for what there is none of
    private readonly int _width;
    private readonly CsvFields _fields = new();

    private CsvLineParser(int[] columns, int width) => (_columns, _width) = (columns, width);

    /// <summary>A parser for the lines below a header.</summary>
    /// <exception cref="TraceException">It names no columns of a trace.</exception>
    public static CsvLineParser Below(string source, ReadOnlySpan<byte> header)
    {
        var fields = new CsvFields();
        if (!fields.Split(header))
            throw new TraceException($"{source}: line 1 ends within quotes.");
        string[] found = [.. Enumerable.Range(0, fields.Count).Select(i => Encoding.UTF8.GetString(fields[i]).Trim())];
        int[] columns = [.. Names.Select(name => Array.FindIndex(found, other => other.Equals(name, StringComparison.OrdinalIgnoreCase)))];
        if (columns[0] < 0 || columns[3] < 0 || (columns[1] < 0 && columns[2] < 0))
            throw new TraceException($"{source}: line 1 names the columns {string.Join(", ", found.Take(NamedMax).Select(name => $"'{VisibleText.Of(name)}'"))}{(found.Length > NamedMax ? " and others" : "")}; a trace has timeMs, partitionKey (or keyHash) and bytes, such as 'timeMs,partitionKey,bytes'.");
        return new CsvLineParser(columns, found.Length);
    }

    /// <inheritdoc/>
    public override string? Parse(ReadOnlySpan<byte> line, out Arrival arrival)
    {
        arrival = default;
        if (!_fields.Split(line))
            return "ends within quotes; a quote within a quoted field is written twice, and no field goes over several lines.";
        if (_fields.Count != _width)
            return $"has {_fields.Count} fields; the header names {_width}.";
        var fields = new TraceFields
        {
            TimeMs = Field(0),
            PartitionKey = Field(1),
            KeyHash = Field(2),
            Bytes = Field(3),
            ExplicitHashKey = Field(4),
            KeyBytes = Field(5),
        };
        return Arrivals.Parse(fields, out arrival);
    }

    private ReadOnlySpan<byte> Field(int name) => _columns[name] < 0 ? default : _fields[_columns[name]];
}
