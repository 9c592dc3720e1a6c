using System.Diagnostics.CodeAnalysis;

namespace LambdaStreamRunner.Runner.Input;

/// <summary>
/// Where the partition key of a line comes from: <c>$.user.id</c> is a JSON path, <c>/^(\S+)/</c> a regular expression
/// whose first group (or whole match) is the key, anything else the key itself.
/// </summary>
/// <remarks>Instances hold no state between lines, except memory that they reuse: one thread at a time.</remarks>
public abstract class PartitionKeyExpression
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly string _written;

    private protected PartitionKeyExpression(string written) => _written = written;

    /// <summary>The key of a line.</summary>
    /// <param name="line">UTF-8 without the line end. A byte order mark is overlooked.</param>
    public PartitionKey Of(ReadOnlySpan<byte> line) => Find(line.StartsWith(ByteOrderMark) ? line[ByteOrderMark.Length..] : line);

    /// <summary>The expression as it was written.</summary>
    public override string ToString() => _written;

    /// <summary>Reads an expression; false with what is wrong and what to do about it.</summary>
    public static bool TryParse(
        string written, [NotNullWhen(true)] out PartitionKeyExpression? expression, [NotNullWhen(false)] out string? mistake)
    {
        expression = null;
        mistake = null;
        if (written.StartsWith("$.", StringComparison.Ordinal) || written.StartsWith("$[", StringComparison.Ordinal))
            expression = (PartitionKeyExpression?)JsonMemberKey.TryParse(written) ?? JsonPathKey.TryParse(written, out mistake);
        else if (written.Length > 1 && written[0] == '/' && written[^1] == '/')
            expression = RegularExpressionKey.TryParse(written, out mistake);
        else if (PartitionKey.Of(written) is { IsFound: false })
            mistake = $"a partition key has 1 to {PartitionKey.LengthMax} characters, not {written.Length}.";
        else
            expression = new ConstantKey(written);
        return expression is not null;
    }

    /// <inheritdoc cref="TryParse"/>
    /// <exception cref="FormatException">The expression cannot be read; the message says why.</exception>
    public static PartitionKeyExpression Parse(string written) =>
        TryParse(written, out PartitionKeyExpression? expression, out string? mistake) ? expression : throw new FormatException($"\"{written}\": {mistake}");

    private protected abstract PartitionKey Find(ReadOnlySpan<byte> line);

    /// <summary>The same key for every line.</summary>
    private sealed class ConstantKey(string key) : PartitionKeyExpression(key)
    {
        private readonly PartitionKey _key = PartitionKey.Of(key);

        private protected override PartitionKey Find(ReadOnlySpan<byte> line) => _key;
    }
}
