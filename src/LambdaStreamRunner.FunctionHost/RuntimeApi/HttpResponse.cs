using System.Buffers.Text;
using System.Text;

namespace LambdaStreamRunner.FunctionHost.RuntimeApi;

/// <summary>A response, as views of its connection's buffer.</summary>
/// <param name="Status">Its status code.</param>
/// <param name="Head">Status line and headers.</param>
/// <param name="Body">Its body.</param>
internal readonly record struct HttpResponse(int Status, ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Body)
{
    /// <summary>A header's value as text; null when there is no such header.</summary>
    public string? Header(ReadOnlySpan<byte> name) => TryGetHeader(Head.Span, name, out ReadOnlySpan<byte> value) ? Encoding.UTF8.GetString(value) : null;

    /// <summary>A header's value as a number; null when there is no such header or it is no number.</summary>
    public long? Number(ReadOnlySpan<byte> name) => NumberIn(Head.Span, name);

    /// <inheritdoc cref="Number"/>
    public static long? NumberIn(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name) =>
        TryGetHeader(head, name, out ReadOnlySpan<byte> value) && Utf8Parser.TryParse(value, out long number, out int length) && length == value.Length ? number : null;

    /// <summary>Finds a header, without regard to case.</summary>
    public static bool TryGetHeader(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (!head.IsEmpty)
        {
            int end = head.IndexOf("\r\n"u8);
            ReadOnlySpan<byte> line = end < 0 ? head : head[..end];
            head = end < 0 ? [] : head[(end + 2)..];
            if (line.Length > name.Length && line[name.Length] == ':' && Ascii.EqualsIgnoreCase(line[..name.Length], name))
            {
                value = line[(name.Length + 1)..].Trim(" \t"u8);
                return true;
            }
        }
        value = default;
        return false;
    }
}
