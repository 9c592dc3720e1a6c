using System.Buffers;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>Writes the answers of PutRecord and PutRecords.</summary>
internal static class PutAnswer
{
    private const int ResultLength = 160;                     // ,{"SequenceNumber":"…","ShardId":"…"} with the longest numbers

    [ThreadStatic]
    private static SequenceNumberFormatter? _numbers;        // what it remembers is as good for the next request

    /// <summary>PutRecords: results in the order of the records; some may have failed.</summary>
    public static void WriteMany(IBufferWriter<byte> answer, ReadOnlySpan<PutEntry> entries, string? encryptionType)
    {
        answer.GetSpan(ResultLength * entries.Length);
        int failed = 0;
        foreach (ref readonly PutEntry entry in entries)
            failed += entry.Failure is null ? 0 : 1;
        answer.Write("{\"FailedRecordCount\":"u8);
        WriteText(answer, failed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        answer.Write(",\"Records\":["u8);
        SequenceNumberFormatter numbers = _numbers ??= new SequenceNumberFormatter();
        for (int i = 0; i < entries.Length; i++)
            WriteResult(answer, entries[i], numbers, first: i == 0);
        answer.Write("]"u8);
        WriteEnd(answer, encryptionType);
    }

    /// <summary>PutRecord: where the record went.</summary>
    /// <exception cref="KinesisException">It was not put.</exception>
    public static void WriteOne(IBufferWriter<byte> answer, in PutEntry entry, string? encryptionType)
    {
        if (entry.Failure is { } failure)
            throw failure;
        answer.Write("{\"ShardId\":\""u8);
        WriteText(answer, entry.Shard!.Id);
        answer.Write("\",\"SequenceNumber\":\""u8);
        WriteNumber(answer, entry.SequenceNumber);
        answer.Write("\""u8);
        WriteEnd(answer, encryptionType);
    }

    private static void WriteResult(IBufferWriter<byte> answer, in PutEntry entry, SequenceNumberFormatter numbers, bool first)
    {
        if (entry.Failure is { } failure)
        {
            if (!first)
                answer.Write(","u8);
            WriteFailure(answer, failure);
            return;
        }
        Span<byte> room = answer.GetSpan(ResultLength);
        int at = Put(room, 0, first ? "{\"SequenceNumber\":\""u8 : ",{\"SequenceNumber\":\""u8);
        at += numbers.Format(entry.SequenceNumber, room[at..]);
        at = Put(room, at, "\",\"ShardId\":\""u8);
        at += Encoding.ASCII.GetBytes(entry.Shard!.Id, room[at..]);
        answer.Advance(Put(room, at, "\"}"u8));
    }

    private static int Put(Span<byte> room, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(room[at..]);
        return at + text.Length;
    }

    private static void WriteFailure(IBufferWriter<byte> answer, KinesisException failure)
    {
        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("ErrorCode", failure.Error);
        json.WriteString("ErrorMessage", failure.Text ?? "Internal Service Failure");
        json.WriteEndObject();
    }

    private static void WriteEnd(IBufferWriter<byte> answer, string? encryptionType)
    {
        if (encryptionType is not null)
        {
            answer.Write(",\"EncryptionType\":\""u8);
            WriteText(answer, encryptionType);
            answer.Write("\""u8);
        }
        answer.Write("}"u8);
    }

    private static void WriteNumber(IBufferWriter<byte> answer, SequenceNumber number) =>
        answer.Advance(number.Format(answer.GetSpan(SequenceNumber.DigitsMax)));

    private static void WriteText(IBufferWriter<byte> answer, string ascii) =>
        answer.Advance(Encoding.ASCII.GetBytes(ascii, answer.GetSpan(ascii.Length)));
}
