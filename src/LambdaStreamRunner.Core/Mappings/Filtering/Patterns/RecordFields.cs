using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Filtering.Patterns;

/// <summary>The fields of a record besides <c>data</c> that a pattern may name at its top (open question Q14).</summary>
/// <remarks>
/// AWS's pages showed them until 2023 and speak of <c>data</c> only today; they are matched as the event writes them, and
/// remarked on.
/// </remarks>
internal static class RecordFields
{
    /// <summary>What a field holds; null when a record has no such field.</summary>
    public static ValueKinds? KindOf(string name) => name switch
    {
        "partitionKey" or "sequenceNumber" or "kinesisSchemaVersion" => ValueKinds.Text,
        "approximateArrivalTimestamp" => ValueKinds.Number,
        _ => null,
    };

    /// <summary>True when the field's value passes; a field that a record does not have is absent.</summary>
    public static bool Accepts(FieldPattern pattern, in StreamRecord record)
    {
        if (pattern is not FieldPattern.Leaf leaf)
            return pattern.AcceptsAbsence;
        Span<byte> utf8 = stackalloc byte[SequenceNumber.DigitsMax];
        return leaf.Name switch
        {
            "partitionKey" => leaf.Accept(new ScalarValue(ValueKinds.Text, record.Key)),
            "sequenceNumber" => leaf.Accept(new ScalarValue(ValueKinds.Text, utf8[..record.SequenceNumber.Format(utf8)])),
            "kinesisSchemaVersion" => leaf.Accept(new ScalarValue(ValueKinds.Text, SchemaVersion)),
            "approximateArrivalTimestamp" => leaf.Accept(
                new ScalarValue(ValueKinds.Number, utf8[..KinesisEventFormat.WriteArrival(record.ArrivalMilliseconds, utf8)])),
            _ => pattern.AcceptsAbsence,
        };
    }

    /// <summary>kinesisSchemaVersion of every record.</summary>
    public static ReadOnlySpan<byte> SchemaVersion => "1.0"u8;
}
