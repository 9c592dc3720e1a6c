namespace LambdaStreamRunner.Core.Streams;

/// <summary>Where reading a shard begins: the five shard iterator types of Kinesis.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html"/>.</remarks>
public readonly record struct ShardPosition
{
    private ShardPosition(ShardIteratorType type, SequenceNumber sequenceNumber, long timestampMilliseconds) =>
        (Type, SequenceNumber, TimestampMilliseconds) = (type, sequenceNumber, timestampMilliseconds);

    /// <summary>Kind of position.</summary>
    public ShardIteratorType Type { get; }

    /// <summary>The number of AT_ and AFTER_SEQUENCE_NUMBER; it need not be a record's.</summary>
    public SequenceNumber SequenceNumber { get; }

    /// <summary>The time of AT_TIMESTAMP, in milliseconds since the epoch.</summary>
    public long TimestampMilliseconds { get; }

    /// <summary>The oldest record that is still retained.</summary>
    public static ShardPosition TrimHorizon { get; }

    /// <summary>After the newest record at the moment of asking.</summary>
    public static ShardPosition Latest { get; } = new(ShardIteratorType.Latest, default, 0);

    /// <summary>The first record with this number or a higher one.</summary>
    public static ShardPosition At(SequenceNumber number) => new(ShardIteratorType.AtSequenceNumber, number, 0);

    /// <summary>The first record with a higher number.</summary>
    public static ShardPosition After(SequenceNumber number) => new(ShardIteratorType.AfterSequenceNumber, number, 0);

    /// <summary>The first record that arrived at this time or later.</summary>
    public static ShardPosition AtTimestamp(DateTimeOffset time) => new(ShardIteratorType.AtTimestamp, default, time.ToUnixTimeMilliseconds());

    /// <summary>The same place for a reader that returns records as they are in the stream: one inside a record is after it.</summary>
    public ShardPosition BetweenRecords() => Type switch
    {
        ShardIteratorType.AtSequenceNumber when SequenceNumber.SubSequenceNumber > 0 => After(SequenceNumber.WithSubSequenceNumber(0)),
        ShardIteratorType.AfterSequenceNumber => After(SequenceNumber.WithSubSequenceNumber(0)),
        _ => this,
    };

    /// <summary>For people and logs.</summary>
    public override string ToString() => Type switch
    {
        ShardIteratorType.AtSequenceNumber => $"at {SequenceNumber}",
        ShardIteratorType.AfterSequenceNumber => $"after {SequenceNumber}",
        ShardIteratorType.AtTimestamp => $"at time {DateTimeOffset.FromUnixTimeMilliseconds(TimestampMilliseconds):O}",
        _ => Type.ToString(),
    };
}

/// <summary>Kinesis' ShardIteratorType.</summary>
public enum ShardIteratorType
{
    /// <summary>TRIM_HORIZON.</summary>
    TrimHorizon,

    /// <summary>LATEST.</summary>
    Latest,

    /// <summary>AT_SEQUENCE_NUMBER.</summary>
    AtSequenceNumber,

    /// <summary>AFTER_SEQUENCE_NUMBER.</summary>
    AfterSequenceNumber,

    /// <summary>AT_TIMESTAMP.</summary>
    AtTimestamp,
}
