using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html</summary>
internal sealed class GetShardIterator : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } =
    [
        .. Protocol.Members.Stream,
        Protocol.Members.ShardId with { IsRequired = true },
        new("ShardIteratorType", MemberType.String)
        {
            IsRequired = true,
            Values = ["AFTER_SEQUENCE_NUMBER", "LATEST", "AT_TIMESTAMP", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"],
        },
        Protocol.Members.SequenceNumber("StartingSequenceNumber"),
        Protocol.Members.Timestamp("Timestamp"),
        Protocol.Members.DryRun,
    ];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        string name = KinesisService.NameOf(request);
        string id = request.Text("ShardId")!;
        if (!ShardId.TryParse(id, out int index))
            throw new KinesisException("ResourceNotFoundException", $"Could not find shard {id} in stream {name} under account {service.Account}.");
        (EmbeddedStream stream, Shard shard) = Find(name, index, service);

        ShardPosition position = shard.Resolve(PositionOf(request, stream, shard, service));
        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("ShardIterator", ShardIterator.For(stream, shard, position).Seal(service.Tokens));
        json.WriteEndObject();
    }

    /// <summary>The shard, with the one error for a missing stream and a missing shard.</summary>
    internal static (EmbeddedStream Stream, Shard Shard) Find(string name, int index, KinesisService service) =>
        service.Streams.FindForData(name) is { } stream && stream.Records.FindShard(index) is { } shard && !shard.IsExpired(service.Streams.Time.GetUtcNow())
            ? (stream, shard)
            : throw new KinesisException(
                "ResourceNotFoundException",
                $"Shard {ShardId.Format(index)} in stream {name} under account {service.Account} does not exist");

    private static ShardPosition PositionOf(Arguments request, EmbeddedStream stream, Shard shard, KinesisService service)
    {
        string type = request.Text("ShardIteratorType")!;
        string? number = request.Text("StartingSequenceNumber");
        bool takesNumber = type is "AT_SEQUENCE_NUMBER" or "AFTER_SEQUENCE_NUMBER";
        if (takesNumber != number is not null)
            throw KinesisException.InvalidArgument(
                "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. "
                + $"Request specified {type} and {(takesNumber ? "no" : "also a")} StartingSequenceNumber.");

        return type switch
        {
            "TRIM_HORIZON" => ShardPosition.TrimHorizon,
            "LATEST" => ShardPosition.Latest,
            "AT_TIMESTAMP" => AtTimestamp(request.Milliseconds("Timestamp"), service),
            "AT_SEQUENCE_NUMBER" => ShardPosition.At(Own(number!, stream, shard, service)),
            _ => ShardPosition.After(Own(number!, stream, shard, service)),
        };
    }

    private static ShardPosition AtTimestamp(long? milliseconds, KinesisService service)
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
    private static SequenceNumber Own(string number, EmbeddedStream stream, Shard shard, KinesisService service)
    {
        string used = $"StartingSequenceNumber {number} used in GetShardIterator on shard {shard.Id} in stream {stream.Name} under account {service.Account} is invalid";
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
