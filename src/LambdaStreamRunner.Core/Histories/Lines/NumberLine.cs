using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Histories.Lines;

/// <summary>A sequence number as text, since a JSON number has too few digits; behind a dot its place in an aggregated record.</summary>
internal static class NumberLine
{
    public const string Allowed = "a sequence number: decimal digits, and for a user record of an aggregate a dot and its place";

    private const int LengthMax = SequenceNumber.DigitsMax + 1 + 10;

    public static void Write(Utf8JsonWriter json, string name, SequenceNumber number)
    {
        Span<byte> text = stackalloc byte[LengthMax];
        json.WriteString(name, text[..Format(number, text)]);
    }

    public static void WriteEntry(Utf8JsonWriter json, SequenceNumber number)
    {
        Span<byte> text = stackalloc byte[LengthMax];
        json.WriteStringValue(text[..Format(number, text)]);
    }

    public static bool TryParse(string text, out SequenceNumber number)
    {
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return SequenceNumber.TryParse(text, out number);
        bool isRight = SequenceNumber.TryParse(text.AsSpan(0, dot), out number)
            & uint.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out uint place);
        number = number.WithSubSequenceNumber(place);
        return isRight;
    }

    private static int Format(SequenceNumber number, Span<byte> text)
    {
        int length = number.Format(text);
        if (number.SubSequenceNumber == 0)
            return length;
        text[length++] = (byte)'.';
        number.SubSequenceNumber.TryFormat(text[length..], out int digits, provider: CultureInfo.InvariantCulture);
        return length + digits;
    }
}
