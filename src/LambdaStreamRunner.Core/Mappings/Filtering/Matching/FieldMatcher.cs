using System.Buffers;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Core.Mappings.Filtering.Patterns;

namespace LambdaStreamRunner.Core.Mappings.Filtering.Matching;

/// <summary>Matches the value of one field.</summary>
/// <remarks>
/// The values of a field are its value or, when that is a list, the items of the list and of lists inside it. A list of
/// tests is about those that are texts, numbers, true, false or null, and an object pattern about the objects: one that
/// matches suffices, and a field without any counts as absent. So it is with EventBridge, whose rules AWS refers to.
/// </remarks>
internal sealed class FieldMatcher
{
    // What JSON may escape with a letter; all other characters only with \u and their number.
    private static readonly SearchValues<char> EscapedByLetter = SearchValues.Create("\"\\/\b\f\n\r\t");

    private readonly FieldPattern.Leaf? _leaf;
    private readonly ObjectMatcher? _inner;
    private readonly byte[] _quotedName;
    private readonly byte[] _escape;

    public FieldMatcher(FieldPattern pattern)
    {
        AcceptsAbsence = pattern.AcceptsAbsence;
        Name = Encoding.UTF8.GetBytes(pattern.Name);
        _quotedName = [(byte)'"', .. Name, (byte)'"'];
        _escape = pattern.Name.AsSpan().ContainsAny(EscapedByLetter) ? [(byte)'\\'] : [.. "\\u"u8];
        _leaf = pattern as FieldPattern.Leaf;
        _inner = pattern is FieldPattern.Inner inner ? new ObjectMatcher(inner.Pattern) : null;
    }

    /// <summary>The field's name.</summary>
    public byte[] Name { get; }

    /// <summary>True when an absent field matches.</summary>
    public bool AcceptsAbsence { get; }

    /// <summary>True when this text may have the name in it, escaped or not. Much faster than to read the text.</summary>
    public bool MayBeIn(ReadOnlySpan<byte> json) => json.IndexOf(_quotedName) >= 0 || json.IndexOf(_escape) >= 0;

    /// <summary>Matches the value at whose first token the reader stands; afterwards it stands anywhere in the value.</summary>
    public bool Matches(ref DataReader reader)
    {
        if (reader.Token is JsonTokenType.StartArray)
            return _inner is null ? AnyScalarMatches(ref reader) : AnyObjectMatches(ref reader);
        if (reader.Token is JsonTokenType.StartObject)
            return _inner?.Matches(ref reader) ?? AcceptsAbsence;
        return _leaf?.Accept(reader.GetScalar()) ?? AcceptsAbsence;
    }

    private bool AnyScalarMatches(ref DataReader reader)
    {
        (int depth, bool hasAny) = (reader.Depth, false);
        while (ReadItem(ref reader, depth))
        {
            if (reader.Token is JsonTokenType.StartObject)
            {
                reader.FinishValue(reader.Depth);
                continue;
            }
            hasAny = true;
            if (_leaf!.Accept(reader.GetScalar()))
                return true;
        }
        return !hasAny && AcceptsAbsence;
    }

    private bool AnyObjectMatches(ref DataReader reader)
    {
        (int depth, bool hasAny) = (reader.Depth, false);
        while (ReadItem(ref reader, depth))
        {
            if (reader.Token is not JsonTokenType.StartObject)
                continue;
            hasAny = true;
            int depthOfItem = reader.Depth;
            if (_inner!.Matches(ref reader))
                return true;
            reader.FinishValue(depthOfItem);
        }
        return !hasAny && AcceptsAbsence;
    }

    // Lists in the list are gone through as if their brackets were not there; false at the end of the outermost one.
    private static bool ReadItem(ref DataReader reader, int depth)
    {
        while (reader.Read())
        {
            if (reader.Token is JsonTokenType.EndArray && reader.Depth == depth)
                return false;
            if (reader.Token is not (JsonTokenType.StartArray or JsonTokenType.EndArray))
                return true;
        }
        return false;
    }
}
