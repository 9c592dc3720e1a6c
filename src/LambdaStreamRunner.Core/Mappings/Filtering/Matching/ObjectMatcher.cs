using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.Core.Mappings.Filtering.Patterns;

namespace LambdaStreamRunner.Core.Mappings.Filtering.Matching;

/// <summary>Matches one object against patterns of which one must fit, in one pass over its members.</summary>
/// <remarks>
/// A name that an object has twice counts as it is there last, as every JSON reader has it. So an object is known not to
/// match once no pattern can fit any more and none of the names that decided it can come again.
/// </remarks>
internal sealed class ObjectMatcher
{
    private readonly FieldMatcher[] _fields;
    private readonly Requirement[] _patterns;

    public ObjectMatcher(params ReadOnlySpan<ObjectPattern> patterns)
    {
        var fields = new List<FieldMatcher>();
        _patterns = new Requirement[patterns.Length];
        for (int i = 0; i < patterns.Length; i++)
            _patterns[i] = RequirementOf(patterns[i], fields);
        _fields = [.. fields];
    }

    /// <summary>Matches the object at whose brace the reader stands; afterwards it stands at its end, or, when it does not match, anywhere in it.</summary>
    public bool Matches(ref DataReader reader)
    {
        Span<Verdict> verdicts = stackalloc Verdict[_fields.Length];
        bool mayEndEarly = true;
        int depth = reader.Depth + 1;
        while (reader.Read() && reader.Token is JsonTokenType.PropertyName)
        {
            if (!MatchMember(ref reader, verdicts) && mayEndEarly && !AnyCanFit(verdicts))
            {
                mayEndEarly = !AnyDecidedMayComeAgain(verdicts, reader.Rest);
                if (mayEndEarly)
                    return false;
            }
            reader.FinishValue(depth);
        }
        return AnyFits(verdicts);
    }

    // False when the member is asked for and does not match. A field that several patterns ask for is read once for each.
    private bool MatchMember(ref DataReader reader, scoped Span<Verdict> verdicts)
    {
        int last = MarkAsked(in reader, verdicts);
        if (last < 0)
        {
            reader.Read();
            return true;
        }
        bool matches = true;
        for (int i = 0; i < last; i++)
        {
            if (verdicts[i] is not Verdict.Asked)
                continue;
            DataReader ahead = reader;
            matches &= MatchValue(ref ahead, i, verdicts);
        }
        return MatchValue(ref reader, last, verdicts) && matches;
    }

    // All at once, since an escaped name is forgotten when the next one is read. Returns the last of them, or −1.
    private int MarkAsked(in DataReader reader, scoped Span<Verdict> verdicts)
    {
        int last = -1;
        if (!reader.TryGetName(out ReadOnlySpan<byte> name))
            return last;
        for (int i = 0; i < _fields.Length; i++)
        {
            if (!name.SequenceEqual(_fields[i].Name))
                continue;
            verdicts[i] = Verdict.Asked;
            last = i;
        }
        return last;
    }

    private bool MatchValue(ref DataReader reader, int field, scoped Span<Verdict> verdicts)
    {
        reader.Read();
        bool matches = _fields[field].Matches(ref reader);
        verdicts[field] = matches ? Verdict.Matches : Verdict.DoesNotMatch;
        return matches;
    }

    private bool AnyCanFit(ReadOnlySpan<Verdict> verdicts)
    {
        foreach (Requirement pattern in _patterns)
        {
            if (pattern.CanBeMet(verdicts))
                return true;
        }
        return false;
    }

    private bool AnyDecidedMayComeAgain(ReadOnlySpan<Verdict> verdicts, ReadOnlySpan<byte> rest)
    {
        for (int i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i] is not Verdict.Open && _fields[i].MayBeIn(rest))
                return true;
        }
        return false;
    }

    // No more members come: what is open is absent.
    private bool AnyFits(Span<Verdict> verdicts)
    {
        for (int i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i] is Verdict.Open && !_fields[i].AcceptsAbsence)
                verdicts[i] = Verdict.DoesNotMatch;
        }
        return AnyCanFit(verdicts);
    }

    private static Requirement RequirementOf(ObjectPattern pattern, List<FieldMatcher> fields)
    {
        int[] own = [.. pattern.Fields.Select((_, index) => fields.Count + index)];
        fields.AddRange(pattern.Fields.Select(field => new FieldMatcher(field)));
        Requirement[][] groups = [.. pattern.Alternatives.Select(group => group.Select(alternative => RequirementOf(alternative, fields)).ToArray())];
        return new Requirement(own, groups);
    }

    /// <summary>What is known of a field's value.</summary>
    private enum Verdict : byte
    {
        Open,
        Asked,
        Matches,
        DoesNotMatch,
    }

    /// <summary>Fields that must all match, and groups of which one alternative each.</summary>
    private sealed record Requirement(int[] Fields, Requirement[][] Groups)
    {
        public bool CanBeMet(ReadOnlySpan<Verdict> verdicts)
        {
            foreach (int field in Fields)
            {
                if (verdicts[field] is Verdict.DoesNotMatch)
                    return false;
            }
            foreach (Requirement[] group in Groups)
            {
                if (!AnyCanBeMet(group, verdicts))
                    return false;
            }
            return true;
        }

        private static bool AnyCanBeMet(Requirement[] group, ReadOnlySpan<Verdict> verdicts)
        {
            foreach (Requirement alternative in group)
            {
                if (alternative.CanBeMet(verdicts))
                    return true;
            }
            return false;
        }
    }
}
