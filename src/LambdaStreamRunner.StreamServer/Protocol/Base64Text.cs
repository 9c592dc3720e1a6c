using System.Buffers;
using System.Buffers.Text;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>Base64 as strictly as AWS reads it: no white space, padding only at the end, no stray bits.</summary>
internal static class Base64Text
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    /// <summary>The first character that cannot stand where it stands; null when there is none.</summary>
    public static char? FirstInvalid(string text)
    {
        int at = text.AsSpan().IndexOfAnyExcept(Letters);
        return at < 0 || text.AsSpan(at) is "=" or "==" ? null : text[at];
    }

    /// <summary>True when the bits that the padding makes meaningless are 0. The text is a multiple of 4 and has only valid characters.</summary>
    public static bool IsTailClean(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[^1] != '=')
            return true;
        return text[^2] == '=' ? (Alphabet.IndexOf(text[^3], StringComparison.Ordinal) & 15) == 0 : (Alphabet.IndexOf(text[^2], StringComparison.Ordinal) & 3) == 0;
    }

    /// <summary>Measures a text in UTF-8 without decoding it; false when it is anything but strict base64.</summary>
    public static bool TryMeasure(ReadOnlySpan<byte> text, out int decodedLength)
    {
        decodedLength = 0;
        if (text.IsEmpty)
            return true;
        if (text.Length % 4 != 0 || !Base64.IsValid(text, out decodedLength))
            return false;

        int padding = text[^1] != '=' ? 0 : text[^2] != '=' ? 1 : 2;
        if (decodedLength != (text.Length / 4 * 3) - padding)
            return false;                                     // it has white space
        return padding == 0 || (Alphabet.IndexOf((char)text[^(padding + 1)], StringComparison.Ordinal) & (padding == 1 ? 3 : 15)) == 0;
    }
}
