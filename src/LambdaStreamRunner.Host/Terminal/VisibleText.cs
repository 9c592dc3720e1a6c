using System.Buffers;
using System.Globalization;
using System.Text;

namespace LambdaStreamRunner.Host.Terminal;

/// <summary>Text from outside on a terminal: what would command the terminal, or turn a line around, is shown instead of obeyed.</summary>
internal static class VisibleText
{
    /// <summary>Characters that are shown of one text, unless somebody wants fewer.</summary>
    public const int LengthMax = 60;

    /// <summary>The text with control characters as \u001b, and an ellipsis where it is cut.</summary>
    public static string Of(string text, int lengthMax = LengthMax)
    {
        var visible = new StringBuilder(Math.Min(text.Length, lengthMax));
        for (int i = 0; i < text.Length; i++)
        {
            string next = IsHidden(text[i]) ? Escape(text[i]) : text[i].ToString();
            bool isLast = i == text.Length - 1;
            if (visible.Length + next.Length > (isLast ? lengthMax : lengthMax - 1))
                return visible.Append('…').ToString();
            visible.Append(next);
        }
        return visible.ToString();
    }

    /// <summary>A sentence of ours that quotes others: nothing is cut.</summary>
    public static string Whole(string sentence) => sentence.Any(IsHidden) ? Of(sentence, int.MaxValue) : sentence;

    /// <summary>Writes a text of any length in the same way.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="text">The text; nothing of it is cut.</param>
    /// <param name="kept">A control character that stays.</param>
    public static void Write(IBufferWriter<char> output, ReadOnlySpan<char> text, char kept)
    {
        for (int hidden = NextHidden(text, kept); hidden >= 0; hidden = NextHidden(text, kept))
        {
            output.Write(text[..hidden]);
            output.Write(Escape(text[hidden]));
            text = text[(hidden + 1)..];
        }
        output.Write(text);
    }

    // Most texts have nothing but letters of ASCII: those are passed over many at a time.
    private static int NextHidden(ReadOnlySpan<char> text, char kept)
    {
        for (int i = Math.Max(text.IndexOfAnyExceptInRange(' ', '~'), 0); i < text.Length; i++)
        {
            if (text[i] != kept && IsHidden(text[i]))
                return i;
        }
        return -1;
    }

    private static string Escape(char letter) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");

    // C0, DEL and C1; marks, embeddings, overrides and isolates of the writing direction.
    private static bool IsHidden(char letter) => char.IsControl(letter) || letter is '\u200e' or '\u200f' or '\u061c' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
