using System.Text.Json;
using System.Text.Unicode;
using LambdaStreamRunner.Core.Mappings.Filtering.Patterns;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Filtering.Matching;

/// <summary>Decides which records match a mapping's filters. It belongs to one thread and allocates nothing per record.</summary>
/// <remarks>
/// Data is read for matching only. Data that is no JSON object (an aggregated record is none) matches no pattern that asks
/// for data. Reading ends as soon as no filter can match; data that matches is read to its end, since it must be JSON.
/// </remarks>
public sealed class RecordFilter
{
    private readonly bool _isEmpty;
    private readonly ObjectMatcher? _data;
    private readonly RecordMatcher[] _others;
    private readonly MatchMemory _memory = new();

    /// <summary>The filter of these criteria.</summary>
    public RecordFilter(FilterCriteria criteria)
    {
        _isEmpty = criteria.IsEmpty;
        List<ObjectPattern> ofData = [];
        List<RecordMatcher> others = [];
        foreach (FilterPattern filter in criteria.Filters)
        {
            if (filter.Root is { Fields: [FieldPattern.Inner { Name: PatternReader.Data } data], Alternatives.IsEmpty: true })
                ofData.Add(data.Pattern);
            else
                others.Add(new RecordMatcher(filter.Root));
        }
        _data = ofData.Count == 0 ? null : new ObjectMatcher([.. ofData]);
        _others = [.. others];
    }

    /// <summary>True when every record is delivered.</summary>
    public bool IsEmpty => _isEmpty;

    /// <summary>True when the record is to be delivered.</summary>
    public bool Matches(in StreamRecord record)
    {
        if (_isEmpty)
            return true;
        foreach (RecordMatcher pattern in _others)
        {
            if (pattern.Matches(in record, _memory))
                return true;
        }
        return _data is not null && DataMatches(_data, in record, _memory);
    }

    private static bool DataMatches(ObjectMatcher matcher, in StreamRecord record, MatchMemory memory)
    {
        ReadOnlySpan<byte> utf8 = record.Data.Span;
        int start = utf8.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0 || utf8[start] != '{')                  // the reader would say so with an exception, which is slow
            return false;
        try
        {
            var reader = new DataReader(utf8, memory);
            reader.Read();
            return matcher.Matches(ref reader) && !reader.Read() && Utf8.IsValid(utf8);
        }
        catch (JsonException)                                 // the data is no JSON
        {
            return false;
        }
    }

    /// <summary>A pattern that asks for more than data: the fields of the record come first, since they cost nothing.</summary>
    private sealed class RecordMatcher
    {
        private readonly FieldPattern[] _fields;
        private readonly ObjectMatcher? _data;
        private readonly RecordMatcher[][] _groups;

        public RecordMatcher(ObjectPattern pattern)
        {
            _fields = [.. pattern.Fields.Where(field => field.Name != PatternReader.Data)];
            _data = pattern.Fields.OfType<FieldPattern.Inner>().FirstOrDefault(field => field.Name == PatternReader.Data) is { } data
                ? new ObjectMatcher(data.Pattern)
                : null;
            _groups = [.. pattern.Alternatives.Select(group => group.Select(alternative => new RecordMatcher(alternative)).ToArray())];
        }

        public bool Matches(in StreamRecord record, MatchMemory memory)
        {
            foreach (FieldPattern field in _fields)
            {
                if (!RecordFields.Accepts(field, in record))
                    return false;
            }
            if (_data is not null && !DataMatches(_data, in record, memory))
                return false;
            foreach (RecordMatcher[] group in _groups)
            {
                if (!AnyMatches(group, in record, memory))
                    return false;
            }
            return true;
        }

        private static bool AnyMatches(RecordMatcher[] group, in StreamRecord record, MatchMemory memory)
        {
            foreach (RecordMatcher alternative in group)
            {
                if (alternative.Matches(in record, memory))
                    return true;
            }
            return false;
        }
    }
}
