namespace LambdaStreamRunner.Core.Streams;

/// <summary>What one shard takes and gives in a second under AWS's limits. One caller at a time.</summary>
/// <remarks>https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html</remarks>
public sealed class ShardThroughput
{
    /// <summary>Bytes of keys and data that are put in a second: 1 MiB.</summary>
    public const int WriteBytesPerSecond = 1 << 20;

    /// <summary>Records that are put in a second.</summary>
    public const int WriteRecordsPerSecond = 1000;

    /// <summary>Bytes of keys and data that are read in a second by all who call GetRecords: 2 MiB.</summary>
    public const int ReadBytesPerSecond = 2 << 20;

    /// <summary>Calls of GetRecords in a second, and of GetShardIterator.</summary>
    public const int CallsPerSecond = 5;

    private TokenBucket _writeBytes = new(WriteBytesPerSecond);
    private TokenBucket _writeRecords = new(WriteRecordsPerSecond);
    private TokenBucket _readBytes = new(ReadBytesPerSecond);
    private TokenBucket _reads = new(CallsPerSecond);
    private TokenBucket _iterators = new(CallsPerSecond);

    /// <summary>Takes what a record needs; false, with nothing taken, when it is too much now.</summary>
    /// <param name="bytes">Key and data. A record larger than a second's worth is taken when nothing was put for a second, and paid off.</param>
    /// <param name="now">The time.</param>
    public bool TryWrite(int bytes, DateTimeOffset now)
    {
        if (!_writeRecords.Has(1, now) || !_writeBytes.Has(bytes, now))
            return false;
        _writeRecords.Take(1, now);
        _writeBytes.Take(bytes, now);
        return true;
    }

    /// <summary>Begins a GetRecords; false when there were too many, or too much was read.</summary>
    public bool TryRead(DateTimeOffset now)
    {
        if (!_reads.Has(1, now) || !_readBytes.Has(0, now))
            return false;
        _reads.Take(1, now);
        return true;
    }

    /// <summary>Counts what a GetRecords gave: after 10 MiB nothing can be read for 5 seconds.</summary>
    public void CountRead(long bytes, DateTimeOffset now)
    {
        if (bytes > ReadBytesPerSecond)
            _readBytes.Owe(bytes, now);
        else
            _readBytes.Take(bytes, now);
    }

    /// <summary>Takes a GetShardIterator; false when there were too many.</summary>
    public bool TryIterate(DateTimeOffset now)
    {
        if (!_iterators.Has(1, now))
            return false;
        _iterators.Take(1, now);
        return true;
    }
}
