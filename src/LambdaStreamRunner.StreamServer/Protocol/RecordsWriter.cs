using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>Writes the answer of GetRecords by hand, straight from the shard's memory.</summary>
internal static class RecordsWriter
{
    // {"SequenceNumber":"…","ApproximateArrivalTimestamp":…,"Data":"…","PartitionKey":"…","EncryptionType":"KMS"},
    private const int RecordFixedLength = 120;

    /// <param name="answer">Takes the JSON.</param>
    /// <param name="read">What was read.</param>
    /// <param name="encrypted">Which of the records say that they are encrypted.</param>
    /// <param name="nextIterator">Null at the end of a closed shard.</param>
    /// <param name="children">Told only at the end of a closed shard.</param>
    public static void Write(IBufferWriter<byte> answer, ShardRead read, EncryptionPeriods encrypted, string? nextIterator, IEnumerable<Shard> children) =>
        Write(answer, read, encrypted, ",\"NextShardIterator\":\""u8, nextIterator, children);

    /// <summary>Writes an event of SubscribeToShard, which is the same but for how it goes on.</summary>
    /// <param name="answer">Takes the JSON.</param>
    /// <param name="read">What was read.</param>
    /// <param name="encrypted">Which of the records say that they are encrypted.</param>
    /// <param name="continuation">Null at the end of a closed shard.</param>
    /// <param name="children">Told only at the end of a closed shard.</param>
    public static void WriteEvent(IBufferWriter<byte> answer, ShardRead read, EncryptionPeriods encrypted, SequenceNumber? continuation, IEnumerable<Shard> children) =>
        Write(answer, read, encrypted, ",\"ContinuationSequenceNumber\":\""u8, continuation?.ToString(), children);

    private static void Write(
        IBufferWriter<byte> answer, ShardRead read, EncryptionPeriods encrypted, ReadOnlySpan<byte> nextMember, string? next, IEnumerable<Shard> children)
    {
        answer.GetSpan(EstimateLength(read.Records));         // one large buffer rather than many that double
        answer.Write("{\"Records\":["u8);
        var numbers = new SequenceNumberFormatter();
        bool first = true;
        foreach (ReadOnlyMemory<StreamRecord> run in read.Records)
        {
            foreach (ref readonly StreamRecord record in run.Span)
            {
                WriteRecord(answer, record, encrypted.Include(record.ArrivalMilliseconds), numbers, first);
                first = false;
            }
        }
        answer.Write("]"u8);
        if (next is not null)
        {
            answer.Write(nextMember);
            WriteText(answer, next);
            answer.Write("\""u8);
        }
        answer.Write(",\"MillisBehindLatest\":"u8);
        WriteText(answer, read.MillisBehindLatest.ToString(CultureInfo.InvariantCulture));
        if (next is null)
            WriteChildren(answer, children);
        answer.Write("}"u8);
    }

    /// <summary>Takes the first record for all; the buffer grows when that was too low.</summary>
    private static int EstimateLength(ReadOnlySequence<StreamRecord> records) =>
        records.IsEmpty ? 0 : (int)Math.Min(16 << 20, records.Length * (RecordFixedLength + records.FirstSpan[0].EventLength));

    private static void WriteRecord(IBufferWriter<byte> answer, in StreamRecord record, bool isEncrypted, SequenceNumberFormatter numbers, bool first)
    {
        // EventLength holds the escaped key, the base64 data, two sequence numbers and the arrival time: enough for all of it.
        Span<byte> room = answer.GetSpan(RecordFixedLength + record.EventLength);
        int at = 0;
        if (!first)
            room[at++] = (byte)',';
        Put(room, ref at, "{\"SequenceNumber\":\""u8);
        at += numbers.Format(record.SequenceNumber, room[at..]);
        Put(room, ref at, "\",\"ApproximateArrivalTimestamp\":"u8);
        at += WriteSeconds(room[at..], record.ArrivalMilliseconds);
        Put(room, ref at, ",\"Data\":\""u8);
        Base64.EncodeToUtf8(record.Data.Span, room[at..], out _, out int written);
        at += written;
        Put(room, ref at, "\",\"PartitionKey\":\""u8);
        at += WriteEscaped(room[at..], record.Key);
        Put(room, ref at, isEncrypted ? "\",\"EncryptionType\":\"KMS\"}"u8 : "\"}"u8);
        answer.Advance(at);
    }

    private static void Put(Span<byte> room, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(room[at..]);
        at += text.Length;
    }

    private static int WriteSeconds(Span<byte> room, long milliseconds)
    {
        (long seconds, long fraction) = Math.DivRem(milliseconds, 1000);
        Utf8Formatter.TryFormat(seconds, room, out int length);
        if (fraction == 0)
            return length;

        room[length++] = (byte)'.';
        for (long unit = 100; fraction > 0; unit /= 10)
        {
            (long digit, fraction) = Math.DivRem(fraction, unit);
            room[length++] = (byte)('0' + digit);
        }
        return length;
    }

    /// <summary>Escapes what JSON says must be escaped, as <see cref="KinesisEventFormat.EscapedLength"/> counts it.</summary>
    private static int WriteEscaped(Span<byte> room, ReadOnlySpan<byte> utf8)
    {
        if (!utf8.ContainsAny(MustEscape))
        {
            utf8.CopyTo(room);
            return utf8.Length;
        }

        int at = 0;
        foreach (byte b in utf8)
        {
            if (!MustEscape.Contains(b))
            {
                room[at++] = b;
                continue;
            }
            room[at++] = (byte)'\\';
            int shortForm = ShortEscapes.IndexOf(b);
            if (shortForm >= 0)
                room[at++] = ShortEscapeNames[shortForm];
            else
                at += Encoding.ASCII.GetBytes(b.ToString("x4", CultureInfo.InvariantCulture).Insert(0, "u"), room[at..]);
        }
        return at;
    }

    private static readonly SearchValues<byte> MustEscape = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private static ReadOnlySpan<byte> ShortEscapes => "\"\\\b\f\n\r\t"u8;

    private static ReadOnlySpan<byte> ShortEscapeNames => "\"\\bfnrt"u8;

    private static void WriteChildren(IBufferWriter<byte> answer, IEnumerable<Shard> children)
    {
        answer.Write(",\"ChildShards\":"u8);
        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartArray();
        foreach (Shard child in children)
        {
            json.WriteStartObject();
            json.WriteString("ShardId", child.Id);
            json.WriteStartArray("ParentShards");
            json.WriteStringValue(child.Parent!.Id);
            if (child.AdjacentParent is { } adjacent)
                json.WriteStringValue(adjacent.Id);
            json.WriteEndArray();
            json.WriteHashKeyRange(child.HashKeyRange);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteText(IBufferWriter<byte> answer, string ascii) =>
        answer.Advance(Encoding.ASCII.GetBytes(ascii, answer.GetSpan(ascii.Length)));
}
