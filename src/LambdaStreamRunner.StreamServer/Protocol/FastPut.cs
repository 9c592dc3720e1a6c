using System.Text;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>PutRecord and PutRecords from the request's bytes into the shard's memory, with nothing in between.</summary>
internal static class FastPut
{
    private const int ResultLength = 128;                     // {"SequenceNumber":"…","ShardId":"…"},

    /// <summary>Does a PutRecords request and writes its answer; false, with nothing done, when it is not a usual one.</summary>
    public static bool TryPutMany(ArraySegment<byte> body, EmbeddedStreams streams, PooledWriter answer)
    {
        using var reader = new PutReader(body);
        if (!reader.TryReadMany() || FindStream(reader, streams) is not { } stream)
            return false;

        answer.GetSpan(ResultLength * reader.Entries.Length);
        answer.Write("{\"FailedRecordCount\":0,\"Records\":["u8);
        stream.Put(reader, answer, static (answer, first, shard, number) =>
        {
            answer.Write(first ? "{\"SequenceNumber\":\""u8 : ",{\"SequenceNumber\":\""u8);
            WriteNumber(answer, number);
            answer.Write("\",\"ShardId\":\""u8);
            WriteId(answer, shard);
            answer.Write("\"}"u8);
        });
        answer.Write("]}"u8);
        return true;
    }

    /// <summary>Does a PutRecord request and writes its answer; false, with nothing done, when it is not a usual one.</summary>
    public static bool TryPutOne(ArraySegment<byte> body, EmbeddedStreams streams, PooledWriter answer)
    {
        using var reader = new PutReader(body, entriesMax: 1);
        if (!reader.TryReadOne() || FindStream(reader, streams) is not { } stream)
            return false;

        stream.Put(reader, answer, static (answer, _, shard, number) =>
        {
            answer.Write("{\"ShardId\":\""u8);
            WriteId(answer, shard);
            answer.Write("\",\"SequenceNumber\":\""u8);
            WriteNumber(answer, number);
            answer.Write("\"}"u8);
        });
        return true;
    }

    private static EmbeddedStream? FindStream(PutReader reader, EmbeddedStreams streams)
    {
        ReadOnlySpan<byte> name = reader.TextOf(reader.StreamName!.Value);
        if (name.Length > 128)
            return null;
        Span<char> text = stackalloc char[128];
        return Encoding.UTF8.TryGetChars(name, text, out int length) ? streams.Find(text[..length]) : null;
    }

    private static void WriteNumber(PooledWriter answer, SequenceNumber number) =>
        answer.Advance(number.Format(answer.GetSpan(SequenceNumber.DigitsMax)));

    private static void WriteId(PooledWriter answer, Shard shard) =>
        answer.Advance(Encoding.ASCII.GetBytes(shard.Id, answer.GetSpan(shard.Id.Length)));
}
