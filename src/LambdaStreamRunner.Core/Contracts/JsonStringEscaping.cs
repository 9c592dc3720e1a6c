using System.Buffers;

namespace LambdaStreamRunner.Core.Contracts;

/// <summary>The inside of a JSON string as AWS writes it: quotes, backslashes and control characters are escaped, nothing else.</summary>
/// <remarks>System.Text.Json's encoders escape more, so an event would not be AWS's byte for byte.</remarks>
internal static class JsonStringEscaping
{
    /// <summary>Most bytes that one byte can become: <c>\u001F</c>.</summary>
    private const int ControlCharacterLength = 6;

    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(character => (byte)character), (byte)'"', (byte)'\\']);

    /// <summary>Bytes that <see cref="Write"/> will write.</summary>
    public static int Measure(ReadOnlySpan<byte> utf8)
    {
        int first = utf8.IndexOfAny(Escaped);
        if (first < 0)
            return utf8.Length;

        int length = utf8.Length;
        foreach (byte character in utf8[first..])
        {
            if (ShortEscape(character) != 0)
                length += 1;
            else if (character < 0x20)
                length += ControlCharacterLength - 1;
        }
        return length;
    }

    /// <summary>Writes the text escaped, without quotes around it; returns how many bytes.</summary>
    public static int Write(ReadOnlySpan<byte> utf8, Span<byte> destination)
    {
        int written = 0;
        while (utf8.IndexOfAny(Escaped) is >= 0 and int plain)
        {
            utf8[..plain].CopyTo(destination[written..]);
            written += plain;
            written += WriteEscape(utf8[plain], destination[written..]);
            utf8 = utf8[(plain + 1)..];
        }
        utf8.CopyTo(destination[written..]);
        return written + utf8.Length;
    }

    private static int WriteEscape(byte character, Span<byte> destination)
    {
        destination[0] = (byte)'\\';
        if (ShortEscape(character) is not 0 and byte letter)
        {
            destination[1] = letter;
            return 2;
        }
        "u00"u8.CopyTo(destination[1..]);
        destination[4] = (byte)('0' + (character >> 4));
        destination[5] = "0123456789ABCDEF"u8[character & 0xF];
        return ControlCharacterLength;
    }

    /// <summary>The letter after the backslash; 0 when the character has none.</summary>
    private static byte ShortEscape(byte character) => character switch
    {
        (byte)'"' => (byte)'"',
        (byte)'\\' => (byte)'\\',
        (byte)'\b' => (byte)'b',
        (byte)'\f' => (byte)'f',
        (byte)'\n' => (byte)'n',
        (byte)'\r' => (byte)'r',
        (byte)'\t' => (byte)'t',
        _ => 0,
    };
}
