using System.Formats.Cbor;

namespace LambdaStreamRunner.StreamServer.Protocol.Cbor;

/// <summary>The first look at a request in CBOR: is it one map, whole and not too deep?</summary>
internal static class CborShape
{
    /// <summary>Most levels of maps and arrays in each other, as for JSON; no request of Kinesis has more than four.</summary>
    public const int DepthMax = 64;

    /// <exception cref="KinesisException">SerializationException without a text.</exception>
    public static void Check(ReadOnlyMemory<byte> body)
    {
        var reader = new CborReader(body, CborConformanceMode.Lax);
        try
        {
            PassTags(reader);
            if (reader.PeekState() is not CborReaderState.StartMap)
                throw Unreadable();
            Pass(reader);
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException)
        {
            throw Unreadable();
        }
        if (reader.BytesRemaining > 0)
            throw Unreadable();
    }

    /// <summary>Reads over one value. The reader's own way to skip goes as deep as the request likes.</summary>
    public static void Pass(CborReader reader) => Pass(reader, DepthMax);

    /// <summary>Reads over tags: what they would say, the type of the member says already.</summary>
    public static void PassTags(CborReader reader)
    {
        while (reader.PeekState() is CborReaderState.Tag)
            reader.ReadTag();
    }

    public static KinesisException Unreadable() => new("SerializationException", null);

    private static void Pass(CborReader reader, int depthLeft)
    {
        PassTags(reader);
        switch (reader.PeekState())
        {
            case CborReaderState.StartArray:
                PassArray(reader, depthLeft);
                break;
            case CborReaderState.StartMap:
                PassMap(reader, depthLeft);
                break;
            default:
                reader.SkipValue();
                break;
        }
    }

    private static void PassArray(CborReader reader, int depthLeft)
    {
        if (depthLeft == 0)
            throw Unreadable();
        reader.ReadStartArray();
        while (reader.PeekState() is not CborReaderState.EndArray)
            Pass(reader, depthLeft - 1);
        reader.ReadEndArray();
    }

    private static void PassMap(CborReader reader, int depthLeft)
    {
        if (depthLeft == 0)
            throw Unreadable();
        reader.ReadStartMap();
        while (reader.PeekState() is not CborReaderState.EndMap)
        {
            if (reader.PeekState() is not (CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString))
                throw Unreadable();
            reader.SkipValue();
            Pass(reader, depthLeft - 1);
        }
        reader.ReadEndMap();
    }
}
