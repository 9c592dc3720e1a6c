using System.Buffers;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>Writes the answers of PutRecord and PutRecords.</summary>
internal static class PutAnswer
{
    private const int ResultLength = 128;                     // {"SequenceNumber":"…","ShardId":"…"},

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
        for (int i = 0; i < entries.Length; i++)
        {
            if (i > 0)
                answer.Write(","u8);
            WriteResult(answer, entries[i]);
        }
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

    private static void WriteResult(IBufferWriter<byte> answer, in PutEntry entry)
    {
        if (entry.Failure is { } failure)
        {
            WriteFailure(answer, failure);
            return;
        }
        answer.Write("{\"SequenceNumber\":\""u8);
        WriteNumber(answer, entry.SequenceNumber);
        answer.Write("\",\"ShardId\":\""u8);
        WriteText(answer, entry.Shard!.Id);
        answer.Write("\"}"u8);
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
