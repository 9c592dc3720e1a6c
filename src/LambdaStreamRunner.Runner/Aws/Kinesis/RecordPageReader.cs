using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Runner.Aws.Kinesis;

/// <summary>Reads a page of records: keys and payloads go into one array of their own, and nothing else of the answer is kept.</summary>
internal static class RecordPageReader
{
    /// <exception cref="AwsException">It is no page of records.</exception>
    public static RecordPage Read(ReadOnlySpan<byte> json)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(json.Length);  // decoded, everything is shorter than it was written
        try
        {
            return new Parsing(scratch).Page(json);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            throw new AwsException("UnreadableAnswer", $"the endpoint answers no page of records: {wrong.Message}", 200, wrong);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private readonly record struct Entry(SequenceNumber Number, long ArrivalMilliseconds, int Offset, int KeyLength, int DataLength);

    private sealed class Parsing(byte[] scratch)
    {
        private readonly List<Entry> _entries = [];
        private int _used;

        public RecordPage Page(ReadOnlySpan<byte> json)
        {
            var reader = new Utf8JsonReader(json);
            (string? iterator, string? continuation, long behind) = (null, null, 0);
            Expect(ref reader, JsonTokenType.StartObject);
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("Records"u8))
                    Records(ref reader);
                else if (reader.ValueTextEquals("NextShardIterator"u8))
                    iterator = Text(ref reader);
                else if (reader.ValueTextEquals("ContinuationSequenceNumber"u8))
                    continuation = Text(ref reader);
                else if (reader.ValueTextEquals("MillisBehindLatest"u8))
                    behind = reader.Read() ? (long)reader.GetDouble() : 0;
                else
                    reader.Skip();
            }
            return new RecordPage
            {
                Records = Build(),
                NextShardIterator = iterator,
                ContinuationSequenceNumber = continuation,
                MillisBehindLatest = behind,
            };
        }

        private void Records(ref Utf8JsonReader reader)
        {
            Expect(ref reader, JsonTokenType.StartArray);
            while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
                Record(ref reader);
        }

        private void Record(ref Utf8JsonReader reader)
        {
            (SequenceNumber? number, long arrival) = (null, 0);
            (int keyOffset, int keyLength, int dataOffset, int dataLength) = (-1, 0, -1, 0);
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("SequenceNumber"u8))
                    number = SequenceNumber.Parse(Text(ref reader));
                else if (reader.ValueTextEquals("ApproximateArrivalTimestamp"u8))
                    arrival = reader.Read() ? (long)Math.Round(reader.GetDouble() * 1000) : 0;
                else if (reader.ValueTextEquals("PartitionKey"u8))
                    (keyOffset, keyLength) = Key(ref reader);
                else if (reader.ValueTextEquals("Data"u8))
                    (dataOffset, dataLength) = Data(ref reader);
                else
                    reader.Skip();
            }
            if (number is null || keyOffset < 0 || dataOffset < 0)
                throw new FormatException("a record has no SequenceNumber, no PartitionKey or no Data");
            if (keyOffset > dataOffset)
                Swap(dataOffset, dataLength, keyLength);
            _entries.Add(new Entry(number.Value, arrival, Math.Min(keyOffset, dataOffset), keyLength, dataLength));
        }

        private (int Offset, int Length) Key(ref Utf8JsonReader reader)
        {
            Expect(ref reader, JsonTokenType.String);
            int length = reader.CopyString(scratch.AsSpan(_used));
            _used += length;
            return (_used - length, length);
        }

        private (int Offset, int Length) Data(ref Utf8JsonReader reader)
        {
            Expect(ref reader, JsonTokenType.String);
            int length;
            if (reader.ValueIsEscaped)                        // "\/" for a slash, as some write it
                length = Decode(reader.GetBytesFromBase64());
            else if (Base64.DecodeFromUtf8(reader.ValueSpan, scratch.AsSpan(_used), out _, out length) is not OperationStatus.Done)
                throw new FormatException("the Data of a record is no base64");
            _used += length;
            return (_used - length, length);
        }

        private int Decode(byte[] data)
        {
            data.CopyTo(scratch, _used);
            return data.Length;
        }

        // Key and data are neighbours in this order, whichever came first.
        private void Swap(int dataOffset, int dataLength, int keyLength)
        {
            byte[] key = scratch.AsSpan(dataOffset + dataLength, keyLength).ToArray();
            scratch.AsSpan(dataOffset, dataLength).CopyTo(scratch.AsSpan(dataOffset + keyLength));
            key.CopyTo(scratch, dataOffset);
        }

        private ReadOnlySequence<StreamRecord> Build()
        {
            byte[] memory = scratch.AsSpan(0, _used).ToArray();
            var records = new StreamRecord[_entries.Count];
            for (int i = 0; i < records.Length; i++)
            {
                Entry entry = _entries[i];
                UInt128 hash = HashKeyRange.HashOf(memory.AsSpan(entry.Offset, entry.KeyLength));
                records[i] = new StreamRecord(entry.Number, hash, entry.ArrivalMilliseconds, memory, entry.Offset, entry.KeyLength, entry.DataLength);
            }
            return new ReadOnlySequence<StreamRecord>(records);
        }

        private static string? Text(ref Utf8JsonReader reader)
        {
            reader.Read();
            return reader.GetString();
        }

        private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
        {
            if (!reader.Read() || reader.TokenType != type)
                throw new FormatException($"it has a {reader.TokenType} where a {type} should be");
        }
    }
}
