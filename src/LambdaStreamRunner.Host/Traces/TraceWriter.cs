using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Writes a trace, line by line; what was written is whole lines, whenever it ends.</summary>
internal sealed class TraceWriter : IAsyncDisposable
{
    /// <summary>Bytes that are gathered before they go to the file.</summary>
    private const int BufferBytes = 64 * 1024;

    private static readonly JsonWriterOptions AsIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly SearchValues<byte> ToBeQuoted = SearchValues.Create(",\""u8);

    private readonly Stream _file;
    private readonly TraceFormat _format;
    private readonly TraceKeys _keys;
    private readonly ArrayBufferWriter<byte> _buffer = new(BufferBytes * 2);
    private readonly Utf8JsonWriter _json;

    /// <param name="file">Where to; closed with this.</param>
    /// <param name="format"><see cref="TraceFormat.Csv"/> or <see cref="TraceFormat.Ndjson"/>.</param>
    /// <param name="keys">Whether keys or their hashes are written.</param>
    public TraceWriter(Stream file, TraceFormat format, TraceKeys keys)
    {
        if (format is not (TraceFormat.Csv or TraceFormat.Ndjson))
            throw new ArgumentOutOfRangeException(nameof(format), format, "Exports of CloudWatch are read only.");
        (_file, _format, _keys) = (file, format, keys);
        _json = new Utf8JsonWriter(_buffer, AsIs);
        if (format is TraceFormat.Csv)
            Put(keys is TraceKeys.Written ? "timeMs,partitionKey,bytes\n"u8 : "timeMs,keyHash,keyBytes,bytes\n"u8);
    }

    /// <summary>Lines so far, the header apart.</summary>
    public long Count { get; private set; }

    /// <summary>Why a key cannot stand in the file, as the rest of a sentence; null when it can.</summary>
    public string? WhyNot(ReadOnlySpan<byte> key) => _format is TraceFormat.Csv && _keys is TraceKeys.Written && key.IndexOfAny((byte)'\n', (byte)'\r') >= 0
        ? "has a partition key with a line break, which a CSV file holds for few readers; write NDJSON, or --hash-keys"
        : null;

    /// <summary>Writes a record.</summary>
    /// <param name="ticks">When it arrived, in ticks of 100 ns.</param>
    /// <param name="key">Its key in UTF-8.</param>
    /// <param name="hash">The hash to write instead of the key.</param>
    /// <param name="bytes">Bytes of its data.</param>
    public void Write(long ticks, ReadOnlySpan<byte> key, UInt128 hash, int bytes) => Write(ticks, key, hash, bytes, key.Length);

    /// <summary>Writes a record whose key need not be known, when hashes are written.</summary>
    /// <param name="ticks">When it arrived, in ticks of 100 ns.</param>
    /// <param name="key">Its key in UTF-8; not looked at when hashes are written.</param>
    /// <param name="hash">The hash to write instead of the key.</param>
    /// <param name="bytes">Bytes of its data.</param>
    /// <param name="keyBytes">Bytes of its key.</param>
    public void Write(long ticks, ReadOnlySpan<byte> key, UInt128 hash, int bytes, int keyBytes)
    {
        Span<char> hex = stackalloc char[32];
        hash.TryFormat(hex, out _, "x32", CultureInfo.InvariantCulture);
        if (_format is TraceFormat.Csv)
            WriteCsv(ticks, key, hex, bytes, keyBytes);
        else
            WriteJson(ticks, key, hex, bytes, keyBytes);
        Count++;
    }

    /// <summary>True when it is time to flush.</summary>
    public bool IsFull => _buffer.WrittenCount >= BufferBytes;

    /// <summary>Hands what is gathered to the file.</summary>
    public async ValueTask FlushAsync()
    {
        await _file.WriteAsync(_buffer.WrittenMemory);
        _buffer.ResetWrittenCount();
        await _file.FlushAsync();
    }

    /// <inheritdoc cref="FlushAsync"/>
    public void Flush()
    {
        _file.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }

    public async ValueTask DisposeAsync()
    {
        await using (_file)
            await FlushAsync();
        await _json.DisposeAsync();
    }

    private void WriteCsv(long ticks, ReadOnlySpan<byte> key, ReadOnlySpan<char> hash, int bytes, int keyBytes)
    {
        PutTime(ticks);
        Put(","u8);
        if (_keys is TraceKeys.Written)
            PutField(key);
        else
        {
            Encoding.ASCII.GetBytes(hash, _buffer);
            Put(","u8);
            PutNumber(keyBytes);
        }
        Put(","u8);
        PutNumber(bytes);
        Put("\n"u8);
    }

    private void WriteJson(long ticks, ReadOnlySpan<byte> key, ReadOnlySpan<char> hash, int bytes, int keyBytes)
    {
        Put("{\"timeMs\":"u8);
        PutTime(ticks);
        if (_keys is TraceKeys.Written)
        {
            Put(",\"partitionKey\":"u8);
            _json.Reset(_buffer);
            _json.WriteStringValue(key);
            _json.Flush();
        }
        else
        {
            Put(",\"keyHash\":\""u8);
            Encoding.ASCII.GetBytes(hash, _buffer);
            Put("\",\"keyBytes\":"u8);
            PutNumber(keyBytes);
        }
        Put(",\"bytes\":"u8);
        PutNumber(bytes);
        Put("}\n"u8);
    }

    private void PutField(ReadOnlySpan<byte> text)
    {
        if (!text.ContainsAny(ToBeQuoted))
        {
            Put(text);
            return;
        }
        Put("\""u8);
        foreach (byte next in text)
        {
            if (next == '"')
                Put("\""u8);
            Put([next]);
        }
        Put("\""u8);
    }

    private void PutTime(long ticks)
    {
        (long milliseconds, long rest) = Math.DivRem(ticks, TimeSpan.TicksPerMillisecond);
        PutNumber(milliseconds);
        if (rest == 0)
            return;
        Span<byte> digits = stackalloc byte[4];
        Utf8Formatter.TryFormat(rest, digits, out _, new StandardFormat('D', 4));
        Put("."u8);
        Put(digits.TrimEnd((byte)'0'));
    }

    private void PutNumber(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, digits, out int length);
        Put(digits[..length]);
    }

    private void Put(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);
}

/// <summary>How a trace says whose a record is.</summary>
internal enum TraceKeys
{
    /// <summary>By its partition key.</summary>
    Written,

    /// <summary>By a hash, and the length of the key.</summary>
    Hashed,
}
