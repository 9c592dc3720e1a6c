using System.Globalization;
using System.Text;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Histories.TimeLines;

/// <summary>Short names of records: A#2 is the second record of key A in a history.</summary>
/// <param name="labelOf">Other names, from somebody who knows better; null for those.</param>
internal sealed class RecordLabels(Func<StreamRecord, string>? labelOf)
{
    /// <summary>Longest name of a key; of a longer one, head and tail are shown.</summary>
    private const int KeyLengthMax = 14;

    /// <summary>Neighbours of one key from this many on are written as A#1..A#3.</summary>
    private const int RunLengthMin = 3;

    private readonly Dictionary<(string ShardId, SequenceNumber Number), Label> _labels = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Names a record when it is seen first.</summary>
    public void See(string shardId, in StreamRecord record)
    {
        if (_labels.ContainsKey((shardId, record.SequenceNumber)))
            return;
        string key = record.PartitionKey;
        if (labelOf is not null)
        {
            _labels.Add((shardId, record.SequenceNumber), Given(key, labelOf(record)));
            return;
        }
        int place = _counts[key] = _counts.GetValueOrDefault(key) + 1;
        _labels.Add((shardId, record.SequenceNumber), new Label(Shorten(key), place));
    }

    public string Of(string shardId, in StreamRecord record) => _labels[(shardId, record.SequenceNumber)].ToString();

    /// <summary>The name of the record that has this number; null when no record of the history has.</summary>
    public string? Find(string shardId, SequenceNumber number) => _labels.TryGetValue((shardId, number), out Label label) ? label.ToString() : null;

    /// <summary>The names of some records, and of how many more there was no room for.</summary>
    public string Of(string shardId, ReadOnlySpan<StreamRecord> records, int widthMax)
    {
        var text = new StringBuilder();
        for (int next = 0; next < records.Length;)
        {
            int end = EndOfRun(shardId, records, next);
            string piece = PieceOf(shardId, records[next..end]);
            string rest = end == records.Length ? "" : string.Create(CultureInfo.InvariantCulture, $" +{records.Length - end}");
            if (text.Length > 0 && text.Length + 1 + piece.Length + rest.Length > widthMax)
                return text.Append(CultureInfo.InvariantCulture, $" +{records.Length - next}").ToString();
            if (text.Length > 0)
                text.Append(' ');
            text.Append(piece);
            next = end;
        }
        return text.ToString();
    }

    private int EndOfRun(string shardId, ReadOnlySpan<StreamRecord> records, int start)
    {
        Label first = _labels[(shardId, records[start].SequenceNumber)];
        int end = start + 1;
        while (end < records.Length && _labels[(shardId, records[end].SequenceNumber)] == first with { Place = first.Place + end - start })
            end++;
        return end - start >= RunLengthMin ? end : start + 1;
    }

    private string PieceOf(string shardId, ReadOnlySpan<StreamRecord> run) =>
        run.Length == 1 ? Of(shardId, run[0]) : $"{Of(shardId, run[0])}..{Of(shardId, run[^1])}";

    // A name of the usual form is taken apart, so that neighbours can be written as a run.
    private static Label Given(string key, string label)
    {
        bool isPlace = label.StartsWith($"{key}#", StringComparison.Ordinal);
        return isPlace && int.TryParse(label.AsSpan(key.Length + 1), CultureInfo.InvariantCulture, out int place) ? new Label(Shorten(key), place) : new Label(Shorten(label), null);
    }

    private static string Shorten(string key)
    {
        string shown = string.Concat(key.Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character));
        return shown.Length <= KeyLengthMax ? shown : $"{shown[..7]}…{shown[^6..]}";
    }

    private readonly record struct Label(string Key, int? Place)
    {
        public override string ToString() => Place is { } place ? string.Create(CultureInfo.InvariantCulture, $"{Key}#{place}") : Key;
    }
}
