using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Runner.Input;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Makes a record's arrival of the fields of a line, or says why it is none.</summary>
internal sealed class ArrivalParser
{
    /// <summary>Bytes of a key of which only the hash is known, unless keyBytes says.</summary>
    public const int UnknownKeyBytes = 16;

    private const int HexDigits = 32;

    /// <summary>Names of the keys that were met.</summary>
    public KeyNames Names { get; } = new();

    /// <summary>True when a record had an explicit hash key.</summary>
    public bool HasExplicitHashKeys { get; private set; }

    /// <summary>Null when it is an arrival; otherwise the rest of a sentence that begins with the line.</summary>
    public string? Parse(in TraceFields fields, out Arrival arrival)
    {
        arrival = default;
        if (fields.TimeMs.IsEmpty)
            return $"has no {TraceFields.TimeMsName}: when the record arrived, in milliseconds since 1970 or since the beginning.";
        if (!TraceTime.TryParse(fields.TimeMs, out long ticks))
            return $"has {TraceFields.TimeMsName} {Quote(fields.TimeMs)}; it takes milliseconds since 1970 or since the beginning, 0 or more, such as 1431857103000 or 12.5.";
        if (fields.Bytes.IsEmpty)
            return $"has no {TraceFields.BytesName}: the size of the record's data.";
        if (!TryParseCount(fields.Bytes, out int bytes))
            return $"has {TraceFields.BytesName} {Quote(fields.Bytes)}; it takes a whole number from 0 to {Line.RecordBytesMax}.";
        if (ParseKey(fields, out UInt128 hash, out int keyLength) is { } mistake)
            return mistake;
        if (!fields.ExplicitHashKey.IsEmpty && !TryRoute(fields.ExplicitHashKey, ref hash))
            return $"has {TraceFields.ExplicitHashKeyName} {Quote(fields.ExplicitHashKey)}; it takes a decimal number from 0 to 2^128 - 1.";
        if (bytes + keyLength > Line.RecordBytesMax)
            return string.Create(CultureInfo.InvariantCulture, $"has {bytes} bytes and a key of {keyLength}; a record holds {Line.RecordBytesMax}, its key included.");
        arrival = new Arrival(ticks, hash, keyLength, bytes);
        return null;
    }

    private string? ParseKey(in TraceFields fields, out UInt128 hash, out int length)
    {
        (hash, length) = (default, fields.PartitionKey.Length);
        if (fields.PartitionKey.IsEmpty)
            return ParseHash(fields, out hash, out length);
        if (!fields.KeyHash.IsEmpty)
            return $"has both {TraceFields.PartitionKeyName} and {TraceFields.KeyHashName}; one of them says whose record it is.";
        if (!Utf8.IsValid(fields.PartitionKey))
            return $"has a {TraceFields.PartitionKeyName} that is not UTF-8.";
        if (length > PartitionKey.LengthMax && Encoding.UTF8.GetCharCount(fields.PartitionKey) > PartitionKey.LengthMax)
            return string.Create(CultureInfo.InvariantCulture, $"has a {TraceFields.PartitionKeyName} of {Encoding.UTF8.GetCharCount(fields.PartitionKey)} characters; Kinesis takes 1 to {PartitionKey.LengthMax}.");
        hash = HashKeyRange.HashOf(fields.PartitionKey);
        if (Names.Wants(hash))
            Names.Add(hash, Encoding.UTF8.GetString(fields.PartitionKey));
        return null;
    }

    private static string? ParseHash(in TraceFields fields, out UInt128 hash, out int length)
    {
        (hash, length) = (default, UnknownKeyBytes);
        if (fields.KeyHash.IsEmpty)
            return $"has neither {TraceFields.PartitionKeyName} nor {TraceFields.KeyHashName}: whose record it is.";
        bool isHash = fields.KeyHash.Length == HexDigits
            ? UInt128.TryParse(fields.KeyHash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out hash)
            : UInt128.TryParse(fields.KeyHash, NumberStyles.None, CultureInfo.InvariantCulture, out hash);
        if (!isHash)
            return $"has {TraceFields.KeyHashName} {Quote(fields.KeyHash)}; it takes the MD5 of the key as {HexDigits} hexadecimal digits, or as a decimal number below 2^128.";
        if (!fields.KeyBytes.IsEmpty && (!TryParseCount(fields.KeyBytes, out length) || length is < 1 or > PartitionKey.LengthMax * 4))
            return $"has {TraceFields.KeyBytesName} {Quote(fields.KeyBytes)}; it takes the length of the key, 1 to {PartitionKey.LengthMax * 4}.";
        return null;
    }

    // The upper half decides the shard (and the lane), the lower half keeps different keys apart.
    private bool TryRoute(ReadOnlySpan<byte> explicitHashKey, ref UInt128 hash)
    {
        if (!UInt128.TryParse(explicitHashKey, NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 route))
            return false;
        HasExplicitHashKeys = true;
        hash = new UInt128((ulong)(route >> 64), (ulong)hash);
        return true;
    }

    private static bool TryParseCount(ReadOnlySpan<byte> text, out int count) =>
        Utf8Parser.TryParse(text, out count, out int read) && read == text.Length && count is >= 0 and <= Line.RecordBytesMax;

    // Of a long one, no more than can be shown is looked at.
    private static string Quote(ReadOnlySpan<byte> text) =>
        $"'{VisibleText.Of(Encoding.UTF8.GetString(text[..Math.Min(text.Length, VisibleText.LengthMax * 4)]))}'";
}
