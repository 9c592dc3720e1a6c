using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Faults;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html</summary>
internal sealed class GetShardIterator : DataAction
{
    public override ImmutableArray<Member> Members { get; } =
    [
        .. Protocol.Members.Stream,
        Protocol.Members.ShardId with { IsRequired = true },
        StartingPlace.TypeMember("ShardIteratorType"),
        Protocol.Members.SequenceNumber("StartingSequenceNumber"),
        Protocol.Members.Timestamp("Timestamp"),
        Protocol.Members.DryRun,
    ];

    public override Task ExecuteAsync(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        (EmbeddedStream stream, Shard shard) = Find(KinesisService.NameOf(request), request.Text("ShardId")!, service);
        ShardPosition position = shard.Resolve(new StartingPlace(Name, stream, shard, service).Resolve(
            request.Text("ShardIteratorType")!, request.Text("StartingSequenceNumber"), request.Milliseconds("Timestamp")));
        if (request.Boolean("DryRun"))
            throw KinesisException.DryRun();

        RehearsedCall? rehearsed = stream.Faults?.Next(service.Stopping);
        if (rehearsed?.RefusalOfIterator(stream, shard) is { } refusal)
            return rehearsed.LateAsync(refusal);

        stream.ClientLimits.Throttle(shard, static (throughput, now) => throughput.TryIterate(now));
        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("ShardIterator", ShardIterator.For(stream, shard, position).Seal(service.Tokens));
        json.WriteEndObject();
        return rehearsed?.LateAsync(Task.CompletedTask) ?? Task.CompletedTask;
    }

    /// <summary>The shard with an id that a client wrote.</summary>
    internal static (EmbeddedStream Stream, Shard Shard) Find(string name, string id, KinesisService service) =>
        ShardId.TryParse(id, out int index)
            ? Find(name, index, service)
            : throw new KinesisException("ResourceNotFoundException", $"Could not find shard {id} in stream {name} under account {service.Account}.");

    /// <summary>The shard, with the one error for a missing stream and a missing shard.</summary>
    internal static (EmbeddedStream Stream, Shard Shard) Find(string name, int index, KinesisService service)
    {
        EmbeddedStream? stream = service.Streams.FindForData(name);
        return stream?.Records.FindShard(index) is { } shard && !shard.IsExpired(service.Streams.Time.GetUtcNow())
            ? (stream, shard)
            : throw new KinesisException(
                "ResourceNotFoundException",
                $"Shard {ShardId.Format(index)} in stream {name} under account {stream?.Account ?? service.Account} does not exist");
    }
}
