using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Contracts;

/// <summary>One element of batchItemFailures.</summary>
/// <param name="SequenceNumber">The record that failed; without meaning when there is a problem.</param>
/// <param name="Problem">Why the element names no record, for people; null when it names one.</param>
internal readonly record struct BatchItemFailure(SequenceNumber SequenceNumber, string? Problem)
{
    /// <summary>Longest identifier that is looked at, escapes included; no sequence number is near it.</summary>
    private const int IdentifierLengthMax = 512;

    /// <summary>Reads the element that the reader stands on, to its end.</summary>
    public static BatchItemFailure Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();
            return Invalid("An element of batchItemFailures is not an object.");
        }

        BatchItemFailure item = Invalid("An element of batchItemFailures has no itemIdentifier.");
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            bool isIdentifier = reader.ValueTextEquals("itemIdentifier"u8);
            reader.Read();
            if (isIdentifier)
                item = ReadIdentifier(ref reader);
            else
                reader.Skip();
        }
        return item;
    }

    /// <summary>Position of the first record with this number; −1 when there is none.</summary>
    /// <remarks>Enhanced fan-out gives several records of one aggregate the same number: the first one counts.</remarks>
    public int IndexIn(ReadOnlySpan<StreamRecord> records)
    {
        if (Problem is not null)
            return -1;

        (int from, int to) = (0, records.Length);
        while (from < to)
        {
            int middle = (from + to) >>> 1;
            if (records[middle].SequenceNumber < SequenceNumber)
                from = middle + 1;
            else
                to = middle;
        }
        return from < records.Length && records[from].SequenceNumber.HasSameDigits(SequenceNumber) ? from : -1;
    }

    private static BatchItemFailure ReadIdentifier(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
        {
            reader.Skip();
            return Invalid("itemIdentifier is not a sequence number.");
        }

        if (reader.ValueSpan.Length > IdentifierLengthMax)
            return Invalid("itemIdentifier is too long for a sequence number.");
        Span<byte> buffer = stackalloc byte[IdentifierLengthMax];
        ReadOnlySpan<byte> identifier = buffer[..CopyValue(ref reader, buffer)];
        return SequenceNumber.TryParse(identifier, out SequenceNumber number)
            ? new BatchItemFailure(number, null)
            : Invalid("itemIdentifier is not a sequence number.");
    }

    private static int CopyValue(ref Utf8JsonReader reader, scoped Span<byte> destination)
    {
        if (reader.TokenType is JsonTokenType.String)
            return reader.CopyString(destination);
        reader.ValueSpan.CopyTo(destination);
        return reader.ValueSpan.Length;
    }

    private static BatchItemFailure Invalid(string problem) => new(default, problem);
}
