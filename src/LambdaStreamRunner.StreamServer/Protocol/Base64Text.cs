using System.Buffers;

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
}
