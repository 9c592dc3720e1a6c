using System.Text;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>PutRecord and PutRecords from the request's bytes into the shard's memory, with nothing in between.</summary>
/// <remarks>A stream with faults is not usual: they are the actions' own.</remarks>
internal static class FastPut
{
    /// <summary>Does a PutRecords request and writes its answer; false, with nothing done, when it is not a usual one.</summary>
    /// <remarks>The answer may be sent when <c>safe</c> has ended.</remarks>
    public static bool TryPutMany(ArraySegment<byte> body, EmbeddedStreams streams, PooledWriter answer, out Task safe)
    {
        safe = Task.CompletedTask;
        using var reader = new PutReader(body);
        if (!reader.TryReadMany() || FindStream(reader, streams) is not { } stream)
            return false;

        safe = stream.Put(reader.Entries);
        PutAnswer.WriteMany(answer, reader.Entries, stream.EncryptionType);
        return true;
    }

    /// <summary>Does a PutRecord request and writes its answer; false, with nothing done, when it is not a usual one.</summary>
    /// <remarks>The answer may be sent when <c>safe</c> has ended.</remarks>
    public static bool TryPutOne(ArraySegment<byte> body, EmbeddedStreams streams, PooledWriter answer, out Task safe)
    {
        safe = Task.CompletedTask;
        using var reader = new PutReader(body, entriesMax: 1);
        if (!reader.TryReadOne() || FindStream(reader, streams) is not { } stream)
            return false;

        safe = stream.Put(reader.Entries);
        PutAnswer.WriteOne(answer, reader.Entries[0], stream.EncryptionType);
        return true;
    }

    private static EmbeddedStream? FindStream(PutReader reader, EmbeddedStreams streams)
    {
        ReadOnlySpan<byte> name = reader.TextOf(reader.StreamName!.Value);
        if (name.Length > 128)
            return null;
        Span<char> text = stackalloc char[128];
        return Encoding.UTF8.TryGetChars(name, text, out int length) && streams.FindForData(text[..length]) is { Faults: null } stream ? stream : null;
    }
}
