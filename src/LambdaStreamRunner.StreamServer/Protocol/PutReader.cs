using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>Reads PutRecord and PutRecords without allocating for a record, as long as everything about them is usual.</summary>
/// <remarks>
/// Usual is: known members, each once, of the right type and within all limits. Whatever else comes is not judged here;
/// the general path reads the request again and finds AWS's exact error, or accepts it.
/// </remarks>
internal sealed class PutReader : IDisposable
{
    /// <summary>What every stream takes; whether it takes more is looked up in the general path.</summary>
    private const int RecordBytesUsual = 1024 * 1024;

    private readonly byte[] _body;
    private readonly int _length;
    private readonly PutEntry[] _entries;
    private readonly int _entriesMax;
    private byte[]? _unescaped;
    private int _unescapedLength;
    private int _count;

    /// <param name="body">The request.</param>
    /// <param name="entriesMax">Most records that are read.</param>
    public PutReader(ArraySegment<byte> body, int entriesMax = Members.PutRecordsEntriesMax)
    {
        (_body, _length, _entriesMax) = (body.Array!, body.Count, entriesMax);
        _entries = ArrayPool<PutEntry>.Shared.Rent(entriesMax);
    }

    /// <summary>The records.</summary>
    public Span<PutEntry> Entries => _entries.AsSpan(0, _count);

    /// <summary>StreamName, or null.</summary>
    public TextSlice? StreamName { get; private set; }

    /// <summary>Bytes of all keys and payloads.</summary>
    public long RawLength { get; private set; }

    public ReadOnlySpan<byte> TextOf(TextSlice slice) => MemoryOf(slice).Span;

    /// <summary>Reads a PutRecords request; false when it is not a usual one.</summary>
    public bool TryReadMany() => TryRead(static (PutReader self, ref Utf8JsonReader json) => self.TryReadRequest(ref json));

    /// <summary>Reads a PutRecord request; false when it is not a usual one.</summary>
    public bool TryReadOne() => TryRead(static (PutReader self, ref Utf8JsonReader json) => self.TryReadEntry(ref json, canNameStream: true) && self._count == 1);

    public void Dispose()
    {
        Entries.Clear();                                      // only those in use: they hold shards and the body
        ArrayPool<PutEntry>.Shared.Return(_entries);
        if (_unescaped is not null)
            ArrayPool<byte>.Shared.Return(_unescaped);
    }

    private ReadOnlyMemory<byte> MemoryOf(TextSlice slice) =>
        (slice.IsUnescaped ? _unescaped : _body).AsMemory(slice.Start, slice.Length);

    private delegate bool Read(PutReader self, ref Utf8JsonReader json);

    private bool TryRead(Read read)
    {
        try
        {
            var json = new Utf8JsonReader(_body.AsSpan(0, _length));
            return json.Read() && json.TokenType is JsonTokenType.StartObject && read(this, ref json)
                && StreamName is not null && RawLength <= Actions.PutRecords.BytesMax && !json.Read();
        }
        catch (Exception unusual) when (unusual is JsonException or InvalidOperationException)
        {
            return false;                                     // no JSON, or a text that is no Unicode
        }
    }

    private bool TryReadRequest(ref Utf8JsonReader json)
    {
        bool hasRecords = false;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (StreamName is null && json.ValueTextEquals("StreamName"u8))
            {
                StreamName = ReadText(ref json);
                if (StreamName is null)
                    return false;
            }
            else if (!hasRecords && json.ValueTextEquals("Records"u8))
            {
                hasRecords = TryReadEntries(ref json);
                if (!hasRecords)
                    return false;
            }
            else
            {
                return false;
            }
        }
        return hasRecords;
    }

    private bool TryReadEntries(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType is not JsonTokenType.StartArray)
            return false;
        while (json.Read() && json.TokenType is JsonTokenType.StartObject)
        {
            if (!TryReadEntry(ref json, canNameStream: false))
                return false;
        }
        return json.TokenType is JsonTokenType.EndArray && _count > 0;
    }

    private bool TryReadEntry(ref Utf8JsonReader json, bool canNameStream)
    {
        if (_count == _entriesMax)
            return false;

        TextSlice? key = null;
        TextSlice? data = null;
        UInt128? hashKey = null;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (data is null && json.ValueTextEquals("Data"u8))
                data = ReadText(ref json);
            else if (key is null && json.ValueTextEquals("PartitionKey"u8))
                key = ReadText(ref json);
            else if (canNameStream && StreamName is null && json.ValueTextEquals("StreamName"u8))
                StreamName = ReadText(ref json);
            else if (hashKey is null && json.ValueTextEquals("ExplicitHashKey"u8))
                hashKey = ReadHashKey(ref json);
            else
                return false;
            if (json.TokenType is not JsonTokenType.String)
                return false;
        }
        return key is { } k && data is { } d && TryAdd(k, d, hashKey);
    }

    private bool TryAdd(TextSlice key, TextSlice data, UInt128? hashKey)
    {
        ReadOnlySpan<byte> keyUtf8 = TextOf(key);
        ReadOnlySpan<byte> base64 = TextOf(data);
        if (!IsUsualKey(keyUtf8) || !Base64Text.TryMeasure(base64, out int dataLength) || key.Length + dataLength > RecordBytesUsual)
            return false;

        _entries[_count++] = PutEntry.FromBase64(MemoryOf(key), MemoryOf(data), dataLength, hashKey);
        RawLength += key.Length + dataLength;
        return true;
    }

    private static bool IsUsualKey(ReadOnlySpan<byte> utf8) =>
        utf8.Length > 0 && Utf8.IsValid(utf8)
        && (utf8.Length <= EmbeddedStream.PartitionKeyCharactersMax || Encoding.UTF8.GetCharCount(utf8) <= EmbeddedStream.PartitionKeyCharactersMax);

    /// <summary>Null for what is no text; the reader then stands on something that is no string.</summary>
    private TextSlice? ReadText(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType is not JsonTokenType.String)
            return null;
        if (!json.ValueIsEscaped)
            return new TextSlice((int)json.TokenStartIndex + 1, json.ValueSpan.Length, IsUnescaped: false);

        _unescaped ??= ArrayPool<byte>.Shared.Rent(_length);  // unescaping makes nothing longer
        int length = json.CopyString(_unescaped.AsSpan(_unescapedLength));
        var slice = new TextSlice(_unescapedLength, length, IsUnescaped: true);
        _unescapedLength += length;
        return slice;
    }

    /// <summary>Null, and thrown out of the usual, when it is no number of 128 bits in the usual spelling.</summary>
    private UInt128? ReadHashKey(ref Utf8JsonReader json)
    {
        if (ReadText(ref json) is not { } slice)
            return null;
        ReadOnlySpan<byte> digits = TextOf(slice);
        bool usual = digits is [not (byte)'0', ..] or [(byte)'0'];
        return usual && UInt128.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 hashKey)
            ? hashKey
            : throw new InvalidOperationException("An unusual ExplicitHashKey.");
    }
}

/// <summary>A text of a request: where it stands, in the body or, when it had escapes, among the unescaped texts.</summary>
internal readonly record struct TextSlice(int Start, int Length, bool IsUnescaped);
