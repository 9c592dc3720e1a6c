using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>Turns the five ways to say where reading begins into a position (Kinesis reference 3.4).</summary>
/// <param name="action">The action's name, for messages.</param>
/// <param name="stream">The stream.</param>
/// <param name="shard">The shard.</param>
/// <param name="service">The clock and the account.</param>
internal sealed class StartingPlace(string action, EmbeddedStream stream, Shard shard, KinesisService service)
{
    /// <summary>The member that says which way it is, in AWS's order of values.</summary>
    public static Member TypeMember(string name) => new(name, MemberType.String)
    {
        IsRequired = true,
        Values = ["AFTER_SEQUENCE_NUMBER", "LATEST", "AT_TIMESTAMP", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"],
    };

    /// <exception cref="KinesisException">The three do not fit each other, or the shard.</exception>
    public ShardPosition Resolve(string type, string? number, long? milliseconds)
    {
        bool takesNumber = type is "AT_SEQUENCE_NUMBER" or "AFTER_SEQUENCE_NUMBER";
        if (takesNumber != number is not null)
            throw KinesisException.InvalidArgument(
                "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. "
                + $"Request specified {type} and {(takesNumber ? "no" : "also a")} StartingSequenceNumber.");

        return type switch
        {
            "TRIM_HORIZON" => ShardPosition.TrimHorizon,
            "LATEST" => ShardPosition.Latest,
            "AT_TIMESTAMP" => AtTimestamp(milliseconds),
            "AT_SEQUENCE_NUMBER" => ShardPosition.At(Own(number!)),
            _ => ShardPosition.After(Own(number!)),
        };
    }

    private ShardPosition AtTimestamp(long? milliseconds)
    {
        if (milliseconds is not { } asked)
            throw KinesisException.InvalidArgument(
                "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.");

        long now = service.Streams.Time.GetUtcNow().ToUnixTimeMilliseconds();
        if (asked > now)
            throw KinesisException.InvalidArgument(
                $"The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: {asked}, currentTimestampInMillis: {now}");
        return ShardPosition.AtTimestamp(DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(0, asked)));
    }

    /// <summary>The number, once it is clear that this shard of this stream can have given it. It need not be a record's.</summary>
    private SequenceNumber Own(string number)
    {
        string used = $"StartingSequenceNumber {number} used in {action} on shard {shard.Id} in stream {stream.Name} under account {stream.Account} is invalid";
        EncodedSequence encoded = EncodedSequence.Decode(number) ?? throw KinesisException.InvalidArgument($"{used}.");
        if (encoded.ShardIndex != shard.Index)
            throw KinesisException.InvalidArgument(
                $"Invalid StartingSequenceNumber. It encodes {ShardId.Format(encoded.ShardIndex)}, while it was used in a call to a shard with {shard.Id}");
        if (encoded.Version == 0)
            throw KinesisException.InternalFailure();         // what AWS does with numbers of its first format
        if (!encoded.IsOf(shard))
            throw KinesisException.InvalidArgument($"{used} because it did not come from this stream.");
        return SequenceNumber.Parse(number);
    }
}
