using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.Core.Histories.Lines;

namespace LambdaStreamRunner.Core.Histories;

/// <summary>Reads the lines that a <see cref="HistoryWriter"/> wrote, one after the other.</summary>
/// <remarks>Records come back with memory of their own; equal numbers on a shard of a mapping are the same record.</remarks>
public sealed class HistoryReader
{
    /// <summary>Names of unknown members that are told; of more, that there are some.</summary>
    private const int UnknownNamesMax = 20;

    // Editors of Windows put it before everything that they save.
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly List<MappingLines> _mappings = [];
    private readonly List<(string Name, int Line)> _unknown = [];
    private int _line;
    private bool _isTorn;
    private string? _title;
    private long? _seed;
    private byte[]? _test;

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="HistoryFormatException">It is no history, or a line but a torn last one cannot be read.</exception>
    public static History Read(ReadOnlyMemory<byte> file)
    {
        var reader = new HistoryReader();
        while (file.Span.IndexOf((byte)'\n') is >= 0 and int end)
        {
            reader.ReadLine(file[..end]);
            file = file[(end + 1)..];
        }
        if (!file.IsEmpty)
            reader.ReadRest(file);
        return reader.ToHistory();
    }

    /// <summary>Reads a line that has an end.</summary>
    /// <param name="line">The line without its end; nothing of it is kept.</param>
    /// <exception cref="HistoryFormatException">It cannot be read.</exception>
    public void ReadLine(ReadOnlyMemory<byte> line)
    {
        _line++;
        if (_line == 1 && line.Span.StartsWith(ByteOrderMark))
            line = line[ByteOrderMark.Length..];
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            Take(json.RootElement);
        }
        catch (JsonException broken)
        {
            throw new HistoryFormatException(_line, $"is no JSON: {broken.Message}", broken);
        }
        catch (BadLineException bad)
        {
            throw new HistoryFormatException(_line, bad.Message, bad);
        }
        catch (InvalidOperationException unreadable)          // a text with half a surrogate pair
        {
            throw new HistoryFormatException(_line, $"has a text that cannot be read: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>Reads what follows the last line end: a line, or as much of one as was written when its process was killed.</summary>
    /// <param name="rest">One byte or more.</param>
    /// <exception cref="HistoryFormatException">It is a line, and cannot be read.</exception>
    public void ReadRest(ReadOnlyMemory<byte> rest)
    {
        try
        {
            ReadLine(rest);
        }
        catch (HistoryFormatException torn) when (torn.InnerException is JsonException && _line > 1)
        {
            _isTorn = true;
        }
    }

    /// <summary>What was read so far.</summary>
    /// <exception cref="HistoryFormatException">There was not even a header.</exception>
    public History ToHistory()
    {
        if (_line == 0)
            throw new HistoryFormatException(1, $"is missing: the file is empty. A history begins with {{\"{HeaderLine.Version}\":{HistoryWriter.Version}}}.");
        return new History
        {
            Title = _title,
            Seed = _seed,
            Test = _test is null ? null : (ReadOnlyMemory<byte>?)_test,
            Mappings = [.. _mappings.Select(mapping => mapping.ToHistory())],
            IsTorn = _isTorn,
            Remarks = Remarks(),
        };
    }

    private ImmutableArray<string> Remarks()
    {
        var remarks = _unknown.Take(UnknownNamesMax)
            .Select(unknown => $"\"{unknown.Name}\" (first in line {unknown.Line}) is not known to this version, which passes over it. Perhaps a newer version wrote it.");
        return [.. remarks, .. _unknown.Count > UnknownNamesMax ? ["There are more unknown names."] : Array.Empty<string>()];
    }

    private void Take(JsonElement json)
    {
        if (json.ValueKind is not JsonValueKind.Object)
            throw new BadLineException("is no JSON object.");
        var line = new Members(json);
        if (_line == 1)
            TakeHeader(line);
        else if (line.FindNumber(MappingLine.Mapping) is { } mapping)
            TakeMapping(mapping, line);
        else if (json.TryGetProperty(HeaderLine.Test, out JsonElement test))
        {
            _test = System.Text.Encoding.UTF8.GetBytes(test.GetRawText());
            return;
        }
        else if (line.FindText(StepLine.Step) is not null)
            TakeStep(line);
        else if (line.FindText(FindingLine.Broken) is not null)
            MappingOf(line).Findings.Add(FindingLine.Read(line));
        else
            throw new BadLineException($"is neither a mapping nor a step nor a broken promise: it has no \"{MappingLine.Mapping}\", \"{StepLine.Step}\" or \"{FindingLine.Broken}\".");
        foreach (string name in line.Unasked())
            NoteUnknown(name);
    }

    private void TakeHeader(Members line)
    {
        if (line.FindNumber(HeaderLine.Version) is not { } version)
            throw new BadLineException($"has no \"{HeaderLine.Version}\": this is no history of lambda-stream. `run --journal FILE` and the testing library write such files.");
        if (version != HistoryWriter.Version)
            throw new BadLineException($"says that this history is of version {version}; this program reads version {HistoryWriter.Version}. Use the lambda-stream that wrote it, or a newer one.");
        (_title, _seed) = (line.FindText(HeaderLine.Title), line.FindNumber(HeaderLine.Seed));
    }

    private void TakeMapping(long index, Members line)
    {
        if (index < 0 || index > _mappings.Count)
            throw new BadLineException($"is about mapping {index}; the next one is {_mappings.Count}.");
        HistoryMapping mapping = MappingLine.Read(line);
        if (index == _mappings.Count)
            _mappings.Add(new MappingLines(mapping));
        else
            _mappings[(int)index].Change(mapping);
    }

    private void TakeStep(Members line)
    {
        MappingLines mapping = MappingOf(line);
        mapping.Steps.Add(StepLine.Read(line, mapping.Records));
    }

    private MappingLines MappingOf(Members line)
    {
        long index = line.FindNumber(HeaderLine.MappingOfStep) ?? 0;
        return index >= 0 && index < _mappings.Count ? _mappings[(int)index]
            : throw new BadLineException($"is about mapping {index}, whose settings have not come before.");
    }

    private void NoteUnknown(string name)
    {
        if (_unknown.Count <= UnknownNamesMax && !_unknown.Exists(unknown => unknown.Name == name))
            _unknown.Add((name, _line));
    }

    private sealed class MappingLines(HistoryMapping first)
    {
        private readonly List<SettingsChange> _changes = [];

        public KnownRecords Records { get; } = new();

        public List<HistoryStep> Steps { get; } = [];

        public List<HistoryFinding> Findings { get; } = [];

        public void Change(HistoryMapping mapping) => _changes.Add(new SettingsChange(Steps.Count, mapping));

        public MappingHistory ToHistory() => new(first, [.. Steps]) { Changes = [.. _changes], Findings = [.. Findings] };
    }
}
