using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LambdaStreamRunner.Core.Histories.TimeLines;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Histories;

/// <summary>The short names that a <see cref="TimeLine"/> gives: A#2 for a record, inv 3 for an invocation.</summary>
public sealed partial class HistoryNames
{
    private readonly RecordLabels _labels;
    private readonly Dictionary<SequenceNumber, (string Key, string Name)> _records = [];
    private readonly Dictionary<Guid, List<(int StepIndex, int Number)>> _invocations = [];

    /// <summary>The names in a whole history.</summary>
    /// <param name="steps">The history.</param>
    /// <param name="labelOf">Other names for records; null (the default) names them by their key and place.</param>
    public HistoryNames(IReadOnlyList<HistoryStep> steps, Func<StreamRecord, string>? labelOf = null)
    {
        _labels = new RecordLabels(labelOf);
        int invocations = 0;
        for (int index = 0; index < steps.Count; index++)
        {
            if (steps[index] is HistoryStep.RecordArrived arrived)
                Add(arrived.ShardId, arrived.Record);
            else if (steps[index] is HistoryStep.InvocationStarted started)
                Add(started, index, ++invocations);
        }
    }

    /// <summary>A text, such as a violation's message, with short names instead of sequence numbers and request ids.</summary>
    /// <param name="text">The text; what is in no record's or invocation's name stays as it is.</param>
    /// <param name="stepIndex">The step that it is about: of invocations with one request id (retries) the last one up to there is meant; null: the first one.</param>
    public string In(string text, int? stepIndex = null)
    {
        text = RequestId().Replace(text, id => _invocations.TryGetValue(Guid.Parse(id.Value), out List<(int StepIndex, int Number)>? numbers) ? NameOf(numbers, stepIndex) : id.Value);
        text = text.Replace("invocation inv ", "inv ", StringComparison.Ordinal);
        var named = new StringBuilder();
        int next = 0;
        foreach (Match digits in Number().Matches(text))
        {
            named.Append(text, next, digits.Index - next);
            next = digits.Index + digits.Length;
            Append(named, digits.Value);
        }
        return named.Append(text, next, text.Length - next).ToString();
    }

    // Messages say "record KEY NUMBER", and the name has the key in it.
    private void Append(StringBuilder named, string digits)
    {
        if (!SequenceNumber.TryParse(digits, out SequenceNumber number) || !_records.TryGetValue(number, out (string Key, string Name) record))
        {
            named.Append(digits);
            return;
        }
        string key = $"{record.Key} ";
        if (named.Length >= key.Length && named.ToString(named.Length - key.Length, key.Length) == key)
            named.Length -= key.Length;
        named.Append(record.Name);
    }

    private static string NameOf(List<(int StepIndex, int Number)> numbers, int? stepIndex)
    {
        (int _, int number) = stepIndex is { } place ? numbers.FindLast(one => one.StepIndex <= place) : numbers[0];
        return string.Create(CultureInfo.InvariantCulture, $"inv {(number == 0 ? numbers[0].Number : number)}");
    }

    private void Add(string shardId, in StreamRecord record)
    {
        _labels.See(shardId, record);
        _records[record.SequenceNumber] = (record.PartitionKey, _labels.Of(shardId, record));
    }

    private void Add(HistoryStep.InvocationStarted started, int index, int number)
    {
        foreach (ref readonly StreamRecord record in started.Records.Span)
            Add(started.ShardId, record);
        if (!_invocations.TryGetValue(started.RequestId, out List<(int StepIndex, int Number)>? numbers))
            _invocations.Add(started.RequestId, numbers = []);
        numbers.Add((index, number));
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex RequestId();

    // Numbers that streams assign have 56 digits; a count never has so many.
    [GeneratedRegex("[0-9]{20,}")]
    private static partial Regex Number();
}
