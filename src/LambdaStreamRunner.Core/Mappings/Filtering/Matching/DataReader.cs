using System.Text.Json;
using LambdaStreamRunner.Core.Mappings.Filtering.Patterns;

namespace LambdaStreamRunner.Core.Mappings.Filtering.Matching;

/// <summary>Walks over the JSON of a record's data, token by token; a copy of it walks on alone.</summary>
internal ref struct DataReader
{
    /// <summary>Deepest nesting of data that is read as JSON, as in AWS's own reader; deeper data matches no pattern.</summary>
    public const int DepthMax = 1_000;

    private readonly ReadOnlySpan<byte> _utf8;
    private readonly MatchMemory _memory;
    private Utf8JsonReader _reader;

    public DataReader(ReadOnlySpan<byte> utf8, MatchMemory memory)
    {
        _utf8 = utf8;
        _memory = memory;
        _reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DepthMax });
    }

    /// <summary>Where it stands.</summary>
    public readonly JsonTokenType Token => _reader.TokenType;

    /// <summary>Objects and arrays around it; of an object's or array's own brackets, those around these.</summary>
    public readonly int Depth => _reader.CurrentDepth;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _utf8[(int)_reader.BytesConsumed..];

    /// <summary>Goes to the next token; false at the end.</summary>
    public bool Read() => _reader.Read();

    /// <summary>Goes to the end of the value of this depth in which it stands, or stays there.</summary>
    public void FinishValue(int depth)
    {
        while (_reader.CurrentDepth > depth || _reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            _reader.Read();
    }

    /// <summary>The name at which it stands.</summary>
    /// <returns>False for a name with half of a surrogate pair: it equals no other.</returns>
    public readonly bool TryGetName(out ReadOnlySpan<byte> name)
    {
        name = _reader.ValueSpan;
        return !_reader.ValueIsEscaped || TryUnescape(_memory.ForName(name.Length), out name);
    }

    /// <summary>The text, number, true, false or null at which it stands.</summary>
    public readonly ScalarValue GetScalar()
    {
        ReadOnlySpan<byte> utf8 = _reader.ValueSpan;
        switch (_reader.TokenType)
        {
            case JsonTokenType.Number:
                return new ScalarValue(ValueKinds.Number, utf8);
            case JsonTokenType.String when !_reader.ValueIsEscaped || TryUnescape(_memory.ForText(utf8.Length), out utf8):
                return new ScalarValue(ValueKinds.Text, utf8);
            case JsonTokenType.String:
                return new ScalarValue(ValueKinds.BrokenText, default);
            default:
                return new ScalarValue(ValueKinds.Word, utf8);
        }
    }

    private readonly bool TryUnescape(Span<byte> memory, out ReadOnlySpan<byte> utf8)
    {
        try
        {
            utf8 = memory[.._reader.CopyString(memory)];
            return true;
        }
        catch (InvalidOperationException)                     // the reader's word for half of a surrogate pair, or bytes that are no UTF-8
        {
            utf8 = default;
            return false;
        }
    }
}
