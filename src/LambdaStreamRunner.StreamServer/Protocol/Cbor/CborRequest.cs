using System.Buffers;
using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace LambdaStreamRunner.StreamServer.Protocol.Cbor;

/// <summary>Writes a request in CBOR again as the JSON that means the same, for the checks and actions that read JSON.</summary>
/// <remarks>
/// Blobs are byte strings, times are tag 1 and integer milliseconds (Kinesis reference 1.2). Only members that the action
/// knows are written, each as its type wants it: what comes out is never much longer than what came in. A value of another
/// type is written as what it is, so that the type check finds its words for it.
/// </remarks>
internal readonly ref struct CborRequest
{
    private readonly CborReader _reader;
    private readonly Utf8JsonWriter _json;

    private CborRequest(CborReader reader, Utf8JsonWriter json) => (_reader, _json) = (reader, json);

    /// <param name="body">Has passed <see cref="CborShape.Check"/>.</param>
    /// <param name="members">The members of the action.</param>
    /// <param name="request">Takes the JSON.</param>
    /// <exception cref="KinesisException">SerializationException: a value of a type that JSON does not have stands in the wrong place.</exception>
    public static void Transcode(ReadOnlyMemory<byte> body, ImmutableArray<Member> members, IBufferWriter<byte> request)
    {
        using var json = new Utf8JsonWriter(request, KinesisJson.WriterOptions);
        var reader = new CborReader(body, CborConformanceMode.Lax);
        CborShape.PassTags(reader);
        new CborRequest(reader, json).WriteStructure(members);
    }

    private void WriteStructure(ImmutableArray<Member> members)
    {
        _json.WriteStartObject();
        _reader.ReadStartMap();
        while (_reader.PeekState() is not CborReaderState.EndMap)
        {
            string name = ReadText();
            Member? member = members.FirstOrDefault(member => member.Name == name);
            if (member is null)
            {
                CborShape.Pass(_reader);
                continue;
            }
            _json.WritePropertyName(name);
            Write(member);
        }
        _reader.ReadEndMap();
        _json.WriteEndObject();
    }

    private void Write(Member member)
    {
        CborShape.PassTags(_reader);
        switch (_reader.PeekState())
        {
            case CborReaderState.StartMap:
                WriteMap(member);
                break;
            case CborReaderState.StartArray:
                WriteList(member);
                break;
            case CborReaderState.ByteString or CborReaderState.StartIndefiniteLengthByteString:
                WriteBytes(member);
                break;
            case CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString:
                WriteText(member);
                break;
            case CborReaderState.Boolean:
                _json.WriteBooleanValue(_reader.ReadBoolean());
                break;
            case CborReaderState.Null or CborReaderState.SimpleValue:
                CborShape.Pass(_reader);
                _json.WriteNullValue();
                break;
            default:
                WriteNumber(member.Type);
                break;
        }
    }

    private void WriteMap(Member member)
    {
        if (member.Type is MemberType.Structure)
            WriteStructure(member.Members);
        else if (member.Type is MemberType.Map)
            WriteEntries(member.Element!);
        else
        {
            CborShape.Pass(_reader);
            _json.WriteStartObject();
            _json.WriteEndObject();
        }
    }

    private void WriteEntries(Member value)
    {
        _json.WriteStartObject();
        _reader.ReadStartMap();
        while (_reader.PeekState() is not CborReaderState.EndMap)
        {
            _json.WritePropertyName(ReadText());
            Write(value);
        }
        _reader.ReadEndMap();
        _json.WriteEndObject();
    }

    private void WriteList(Member member)
    {
        _json.WriteStartArray();
        if (member.Type is MemberType.List)
        {
            _reader.ReadStartArray();
            while (_reader.PeekState() is not CborReaderState.EndArray)
                Write(member.Element!);
            _reader.ReadEndArray();
        }
        else
            CborShape.Pass(_reader);
        _json.WriteEndArray();
    }

    private void WriteBytes(Member member)
    {
        bool isScalar = member.Type is not (MemberType.List or MemberType.Map or MemberType.Structure);
        if (isScalar && member.Type is not MemberType.Blob)
            throw TypeCheck.Wrong("java.nio.HeapByteBuffer", member.Type);

        ReadOnlyMemory<byte> bytes = _reader.PeekState() is CborReaderState.ByteString
            ? _reader.ReadDefiniteLengthByteString()
            : _reader.ReadByteString();
        _json.WriteBase64StringValue(bytes.Span);
    }

    private void WriteText(Member member)
    {
        if (member.Type is MemberType.Blob)
            throw TypeCheck.Wrong("java.lang.String", member.Type);
        if (_reader.PeekState() is CborReaderState.TextString)
            _json.WriteStringValue(Valid(_reader.ReadDefiniteLengthTextStringBytes()).Span);
        else
            _json.WriteStringValue(ReadText());
    }

    private void WriteNumber(MemberType type)
    {
        if (_reader.PeekState() is not (CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger))
            WriteFraction(_reader.ReadDouble(), type);
        else if (type is MemberType.Timestamp)
            _json.WriteNumberValue(ReadInteger() / 1000m);
        else
            _json.WriteNumberValue(ReadInteger());
    }

    private void WriteFraction(double number, MemberType type)
    {
        if (!double.IsFinite(number))
            throw CborShape.Unreadable();
        if (type is MemberType.Timestamp)
            _json.WriteNumberValue((decimal)Math.Clamp(number, -9e15, 9e15) / 1000m);
        else
            _json.WriteNumberValue(number);
    }

    /// <summary>What does not fit is far out of every member's range either way.</summary>
    private decimal ReadInteger()
    {
        try
        {
            return _reader.PeekState() is CborReaderState.UnsignedInteger ? _reader.ReadUInt64() : _reader.ReadInt64();
        }
        catch (OverflowException)
        {
            _reader.ReadCborNegativeIntegerRepresentation();
            return long.MinValue;
        }
    }

    private string ReadText()
    {
        if (_reader.PeekState() is CborReaderState.TextString)
            return Encoding.UTF8.GetString(Valid(_reader.ReadDefiniteLengthTextStringBytes()).Span);

        var text = new StringBuilder();
        _reader.ReadStartIndefiniteLengthTextString();
        while (_reader.PeekState() is not CborReaderState.EndIndefiniteLengthTextString)
            text.Append(Encoding.UTF8.GetString(Valid(_reader.ReadDefiniteLengthTextStringBytes()).Span));
        _reader.ReadEndIndefiniteLengthTextString();
        return text.ToString();
    }

    private static ReadOnlyMemory<byte> Valid(ReadOnlyMemory<byte> text) => Utf8.IsValid(text.Span) ? text : throw CborShape.Unreadable();
}
