using System.Collections.Immutable;

namespace LambdaStreamRunner.Core.Mappings.Filtering.Patterns;

/// <summary>Finds out what AWS takes in silence: patterns that no record can match, and fields that its pages do not name.</summary>
internal static class PatternRemarks
{
    /// <summary>Remarks about the pattern of a whole record; none for nearly all.</summary>
    public static ImmutableArray<string> About(ObjectPattern root)
    {
        var remarks = ImmutableArray.CreateBuilder<string>();
        if (WhyNeverAny(root) is { } why)
            remarks.Add($"can never match: {why}");
        foreach (string name in FieldsOf(root).Where(name => RecordFields.KindOf(name) is not null).Distinct(StringComparer.Ordinal))
            remarks.Add($"names {name}; AWS's pages promise filters on data only. Try it on AWS before you rely on it.");
        return remarks.ToImmutable();
    }

    private static IEnumerable<string> FieldsOf(ObjectPattern root) =>
        root.Fields.Select(field => field.Name).Concat(root.Alternatives.SelectMany(group => group.SelectMany(FieldsOf)));

    private static string? WhyNeverAny(ObjectPattern root) => WhyNever(root, "", [], WhyNeverAField);

    // Fields that an object is asked for already go down into the alternatives, which speak of the same object.
    private static string? WhyNever(
        ObjectPattern pattern, string place, ImmutableArray<FieldPattern> asked, Func<FieldPattern, string, string?> whyNever)
    {
        foreach (FieldPattern field in pattern.Fields)
        {
            string path = PatternText.Member(place, field.Name);
            if (whyNever(field, path) is { } why)
                return why;
            if (asked.Any(other => Contradict(field, other)))
                return $"{path} would have to be absent and there at the same time.";
        }
        asked = asked.AddRange(pattern.Fields);
        foreach (ImmutableArray<ObjectPattern> group in pattern.Alternatives)
        {
            string?[] reasons = [.. group.Select(alternative => WhyNever(alternative, place, asked, whyNever))];
            if (Array.TrueForAll(reasons, reason => reason is not null))
                return reasons[0];
        }
        return null;
    }

    private static string? WhyNeverAField(FieldPattern field, string path)
    {
        if (field.Name == PatternReader.Data)
            return WhyNeverInData(field, path);
        if (RecordFields.KindOf(field.Name) is not { } kind)
            return field.AcceptsAbsence ? null : UnknownField(field);
        if (field is FieldPattern.Leaf leaf)
            return Fits(leaf, kind) ? null : $"{path} {Description(field.Name, kind)}, and none of the values is one that it can have.";
        return field.AcceptsAbsence ? null : $"{path} {Description(field.Name, kind)}, and has no fields.";
    }

    private static bool Fits(FieldPattern.Leaf leaf, ValueKinds kind) => leaf.Name == "kinesisSchemaVersion"
        ? leaf.Accept(new ScalarValue(ValueKinds.Text, RecordFields.SchemaVersion))
        : leaf.Accepts.HasFlag(kind);

    private static string Description(string name, ValueKinds kind)
    {
        if (name == "kinesisSchemaVersion")
            return "is always \"1.0\"";
        return kind is ValueKinds.Number ? "is a number" : "is a text";
    }

    private static string UnknownField(FieldPattern field) => field.Name == "kinesis"
        ? "filters see a record without kinesis around it. Write {\"data\":{...}} at the top."
        : $"a record has no field {field.Name}. Write {{\"data\":{{\"{field.Name}\":...}}}} for one of its data.";

    private static string? WhyNeverInData(FieldPattern field, string path) => field switch
    {
        FieldPattern.Inner inner => WhyNever(inner.Pattern, path, [], WhyNeverInData),
        FieldPattern.Leaf { Accepts: ValueKinds.None } => $"no number lies in the range of {path}.",
        _ => null,
    };

    private static bool Contradict(FieldPattern one, FieldPattern other) =>
        one.Name == other.Name && one is FieldPattern.Leaf a && other is FieldPattern.Leaf b
        && ((a.Accepts is ValueKinds.Absent && !b.AcceptsAbsence) || (b.Accepts is ValueKinds.Absent && !a.AcceptsAbsence));
}
