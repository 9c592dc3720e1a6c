using System.Text;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>Sample records as the events that the runner writes: neighbours stay together, after the last one comes the first.</summary>
/// <remarks>Belongs to one thread.</remarks>
internal sealed class SampleEvents
{
    private readonly KinesisEventWriter _writer;
    private readonly TimeProvider _time;
    private readonly (byte[] Memory, int KeyLength, UInt128 KeyHash)[] _samples;
    private StreamRecord[] _records = [];
    private byte[] _event = [];
    private int _next;
    private ulong _index;

    /// <param name="samples">What is written.</param>
    /// <param name="time">Arrival times.</param>
    /// <param name="first">The sample that the first event begins with: several at work do not write the same.</param>
    public SampleEvents(IReadOnlyList<SampleRecord> samples, TimeProvider time, int first = 0)
    {
        (_time, _next) = (time, first % samples.Count);
        _samples = [.. samples.Select(Prepared)];
        _writer = new KinesisEventWriter(
            "arn:aws:kinesis:us-east-1:000000000000:stream/measured", "us-east-1", "arn:aws:iam::000000000000:role/measured", "shardId-000000000000");
    }

    /// <summary>The records of the last event.</summary>
    public ReadOnlySpan<StreamRecord> Records => _records;

    /// <summary>Index of the sample that the next event begins with.</summary>
    public int Next
    {
        get => _next;
        set => _next = value % _samples.Length;
    }

    /// <summary>Writes the event with the next records; it is good until the next one is written.</summary>
    /// <param name="count">How many; those of an event of this length are passed.</param>
    public ReadOnlyMemory<byte> Write(int count)
    {
        Gather(count);
        int length = _writer.Measure(_records);
        if (_event.Length < length)
            _event = GC.AllocateUninitializedArray<byte>(length);
        return _event.AsMemory(0, _writer.Write(_records, _event));
    }

    /// <summary>Bytes of the event with the next records, which stay the next ones.</summary>
    public int Measure(int count)
    {
        int next = _next;
        Gather(count);
        _next = next;
        return _writer.Measure(_records);
    }

    private void Gather(int count)
    {
        if (_records.Length != count)
            _records = new StreamRecord[count];
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        for (int i = 0; i < count; i++)
        {
            (byte[] memory, int keyLength, UInt128 hash) = _samples[_next];
            SequenceNumber number = SequenceNumber.Create(now / 1000, shardIndex: 0, _index++, now / 1000);
            _records[i] = new StreamRecord(number, hash, now, memory, 0, keyLength, memory.Length - keyLength);
            _next = (_next + 1) % _samples.Length;
        }
    }

    private static (byte[] Memory, int KeyLength, UInt128 KeyHash) Prepared(SampleRecord sample)
    {
        byte[] key = Encoding.UTF8.GetBytes(sample.PartitionKey);
        return ([.. key, .. sample.Data.Span], key.Length, HashKeyRange.HashOf(key));
    }
}
