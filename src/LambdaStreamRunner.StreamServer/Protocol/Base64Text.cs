namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>Base64 as strictly as AWS reads it: no white space, padding only at the end, no stray bits.</summary>
internal static class Base64Text
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>The first character that cannot stand where it stands; null when there is none.</summary>
    public static char? FirstInvalid(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool padding = c == '=' && i >= text.Length - 2 && (i == text.Length - 1 || text[i + 1] == '=');
            if (!padding && !char.IsAsciiLetterOrDigit(c) && c is not ('+' or '/'))
                return c;
        }
        return null;
    }

    /// <summary>True when the bits that the padding makes meaningless are 0. The text is a multiple of 4 and has only valid characters.</summary>
    public static bool IsTailClean(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[^1] != '=')
            return true;
        return text[^2] == '=' ? (Alphabet.IndexOf(text[^3], StringComparison.Ordinal) & 15) == 0 : (Alphabet.IndexOf(text[^2], StringComparison.Ordinal) & 3) == 0;
    }
}
