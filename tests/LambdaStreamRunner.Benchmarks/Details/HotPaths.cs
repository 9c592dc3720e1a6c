using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Benchmarks.Details;

/// <summary>What is done once per record.</summary>
[MemoryDiagnoser]
public class HotPaths
{
    private const int BatchSize = 100;

    private readonly byte[] _key = "customer-0001234"u8.ToArray();
    private readonly byte[] _hash = new byte[16];
    private readonly byte[] _digits = new byte[SequenceNumber.DigitsMax];
    private readonly SequenceNumber _number = SequenceNumber.Create(1_767_225_600, 3, 123_456_789, 1_767_311_999);
    private readonly KinesisEventWriter _events = new(
        "arn:aws:kinesis:us-east-1:000000000000:stream/clicks", "us-east-1", "arn:aws:iam::000000000000:role/Clicks", "shardId-000000000000");

    private readonly StreamRecord[] _batch = [.. Enumerable.Range(0, BatchSize).Select(i =>
        StreamRecord.Create("customer-0001234", new byte[1024], SequenceNumber.Create(1_767_225_600, 3, (ulong)i, 1_767_311_999), DateTimeOffset.UnixEpoch.AddSeconds(1_767_311_999)))];

    private byte[] _event = [];
    private string _text = "";

    /// <summary>What the methods need.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _event = new byte[_events.Measure(_batch)];
        _text = _number.ToString();
    }

#pragma warning disable CA5351 // MD5 is what Kinesis routes by.
    /// <summary>The hash of a key of 16 bytes.</summary>
    [Benchmark]
    public int Md5OfTheLibrary() => MD5.HashData(_key, _hash);
#pragma warning restore CA5351

    /// <summary>The hash of a key of 16 bytes.</summary>
    [Benchmark]
    public UInt128 Md5OfOneBlock() => HashKeyRange.HashOf(_key);

    /// <summary>The 56 digits of a sequence number.</summary>
    [Benchmark]
    public int FormatSequenceNumber() => _number.Format(_digits);

    /// <summary>A sequence number from its 56 digits.</summary>
    [Benchmark]
    public SequenceNumber ParseSequenceNumber() => SequenceNumber.Parse(_text);

    /// <summary>The event of 100 records of 1 KiB; figures are per record.</summary>
    [Benchmark(OperationsPerInvoke = BatchSize)]
    public int WriteEvent() => _events.Write(_batch, _event);
}
