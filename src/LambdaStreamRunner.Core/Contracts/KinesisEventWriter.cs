using System.Buffers;
using System.Buffers.Text;
using System.Text;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Contracts;

/// <summary>A batch as the JSON event that a function receives, byte for byte as AWS sends it.</summary>
/// <remarks>
/// One writer serves one shard of one mapping, from any thread: what its records have in common is rendered once, so
/// writing a record copies five constant pieces and formats four values, without allocating.
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html"/>.
/// </remarks>
public sealed class KinesisEventWriter
{
    private readonly byte[] _beforeEventIdNumber;
    private readonly byte[] _afterEventIdNumber;
    private readonly TimeWindowWriter _windows;

    /// <summary>A writer for the records of one shard.</summary>
    /// <param name="eventSourceArn">The stream's ARN, or the consumer's with enhanced fan-out.</param>
    /// <param name="awsRegion">The stream's region.</param>
    /// <param name="invokeIdentityArn">The function's execution role.</param>
    /// <param name="shardId">The shard, such as shardId-000000000000.</param>
    public KinesisEventWriter(string eventSourceArn, string awsRegion, string invokeIdentityArn, string shardId)
    {
        _beforeEventIdNumber =
        [
            .. "},\"eventSource\":\"aws:kinesis\",\"eventVersion\":\"1.0\",\"eventID\":\""u8, .. Escape(shardId), (byte)':',
        ];
        _afterEventIdNumber =
        [
            .. "\",\"eventName\":\"aws:kinesis:record\",\"invokeIdentityArn\":\""u8, .. Escape(invokeIdentityArn),
            .. "\",\"awsRegion\":\""u8, .. Escape(awsRegion),
            .. "\",\"eventSourceARN\":\""u8, .. Escape(eventSourceArn), .. "\"}"u8,
        ];
        _windows = new TimeWindowWriter(Escape(shardId), Escape(eventSourceArn));
        FixedRecordLength =
            BeforeKey.Length + BeforeNumber.Length + BeforeData.Length + BeforeArrival.Length + _beforeEventIdNumber.Length + _afterEventIdNumber.Length;
    }

    /// <summary>Bytes that every record takes besides <see cref="StreamRecord.EventLength"/>.</summary>
    public int FixedRecordLength { get; }

    /// <summary>Bytes that the members of a tumbling window take besides the state.</summary>
    public int FixedWindowLength => _windows.FixedLength;

    private static ReadOnlySpan<byte> BeforeRecords => "{\"Records\":["u8;

    private static ReadOnlySpan<byte> BeforeKey => "{\"kinesis\":{\"kinesisSchemaVersion\":\"1.0\",\"partitionKey\":\""u8;

    private static ReadOnlySpan<byte> BeforeNumber => "\",\"sequenceNumber\":\""u8;

    private static ReadOnlySpan<byte> BeforeData => "\",\"data\":\""u8;

    private static ReadOnlySpan<byte> BeforeArrival => "\",\"approximateArrivalTimestamp\":"u8;

    /// <summary>Bytes of the event with these records, exactly.</summary>
    /// <exception cref="OverflowException">The event would pass 2 GiB.</exception>
    public int Measure(ReadOnlySpan<StreamRecord> records, TimeWindow? window = null)
    {
        int commas = Math.Max(0, records.Length - 1);
        int length = checked(KinesisEventFormat.EnvelopeLength + commas + (records.Length * FixedRecordLength));
        foreach (ref readonly StreamRecord record in records)
            length = checked(length + record.EventLength - (2 * MissingDigits(record.SequenceNumber)));
        return window is null ? length : checked(length + _windows.Measure(window));
    }

    /// <summary>Writes the event with these records.</summary>
    public void Write(ReadOnlySpan<StreamRecord> records, IBufferWriter<byte> destination, TimeWindow? window = null)
    {
        Span<byte> utf8 = destination.GetSpan(Measure(records, window));
        destination.Advance(Write(records, utf8, window));
    }

    /// <summary>Writes the event with these records; returns how many bytes.</summary>
    /// <param name="records">The batch.</param>
    /// <param name="utf8">At least as many bytes as <see cref="Measure"/> says.</param>
    /// <param name="window">The tumbling window of the batch; null without windows.</param>
    public int Write(ReadOnlySpan<StreamRecord> records, Span<byte> utf8, TimeWindow? window = null)
    {
        int written = Copy(BeforeRecords, utf8);
        for (int i = 0; i < records.Length; i++)
        {
            if (i > 0)
                utf8[written++] = (byte)',';
            written += WriteRecord(in records[i], utf8[written..]);
        }
        utf8[written++] = (byte)']';
        if (window is not null)
            written += _windows.Write(window, utf8[written..]);
        utf8[written++] = (byte)'}';
        return written;
    }

    private int WriteRecord(in StreamRecord record, Span<byte> utf8)
    {
        Span<byte> buffer = stackalloc byte[SequenceNumber.DigitsMax];
        ReadOnlySpan<byte> number = buffer[..record.SequenceNumber.Format(buffer)];

        int written = Copy(BeforeKey, utf8);
        written += JsonStringEscaping.Write(record.Key, utf8[written..]);
        written += Copy(BeforeNumber, utf8[written..]);
        written += Copy(number, utf8[written..]);
        written += Copy(BeforeData, utf8[written..]);
        written += WriteData(record.Data.Span, utf8[written..]);
        written += Copy(BeforeArrival, utf8[written..]);
        written += KinesisEventFormat.WriteArrival(record.ArrivalMilliseconds, utf8[written..]);
        written += Copy(_beforeEventIdNumber, utf8[written..]);
        written += Copy(number, utf8[written..]);
        return written + Copy(_afterEventIdNumber, utf8[written..]);
    }

    private static int WriteData(ReadOnlySpan<byte> data, Span<byte> utf8)
    {
        OperationStatus status = Base64.EncodeToUtf8(data, utf8, out _, out int written);
        if (status is not OperationStatus.Done)
            throw new ArgumentException("The event is longer than the memory it is written to.", nameof(utf8));
        return written;
    }

    /// <summary>Digits by which a number is shorter than those of AWS, which <see cref="StreamRecord.EventLength"/> counts on.</summary>
    private static int MissingDigits(SequenceNumber number)
    {
        if (number.IsVersion2)
            return 0;
        Span<byte> utf8 = stackalloc byte[SequenceNumber.DigitsMax];
        return SequenceNumber.Digits - number.Format(utf8);
    }

    private static int Copy(ReadOnlySpan<byte> part, Span<byte> utf8)
    {
        part.CopyTo(utf8);
        return part.Length;
    }

    private static ReadOnlySpan<byte> Escape(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        byte[] escaped = new byte[JsonStringEscaping.Measure(utf8)];
        JsonStringEscaping.Write(utf8, escaped);
        return escaped;
    }
}
