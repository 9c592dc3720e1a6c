using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Faults;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html</summary>
internal sealed class GetRecords : DataAction
{
    public override ImmutableArray<Member> Members { get; } =
    [
        new("ShardIterator", MemberType.String) { IsRequired = true, LengthMin = 1, LengthMax = 512 },
        Protocol.Members.Limit(),
        Protocol.Members.StreamArn,
        Protocol.Members.StreamId,
        Protocol.Members.DryRun,
    ];

    public override Task ExecuteAsync(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        ShardIterator iterator = ShardIterator.Open(request.Text("ShardIterator")!, service.Tokens);
        (EmbeddedStream stream, Shard shard) = GetShardIterator.Find(iterator.StreamName, iterator.ShardIndex, service);
        if (stream.Records.Created.ToUnixTimeMilliseconds() != iterator.StreamCreatedMilliseconds)
            throw new KinesisException(
                "ResourceNotFoundException", $"Shard {shard.Id} in stream {stream.Name} under account {stream.Account} does not exist");
        if (request.Boolean("DryRun"))
            throw KinesisException.DryRun();

        RehearsedCall? rehearsed = stream.Faults?.Next(service.Stopping);
        if (rehearsed?.RefusalOfRead(stream, shard, service.Tokens.Now) is { } refusal)
            return rehearsed.LateAsync(refusal);

        stream.ClientLimits.Throttle(shard, static (throughput, now) => throughput.TryRead(now));
        ShardRead read = stream.Read(new ShardReader(shard), iterator.Position, request.Integer("Limit") ?? ShardReader.RecordsMax);
        stream.ClientLimits.CountRead(shard, read);
        string? next = read.EndOfShard ? null : ShardIterator.For(stream, shard, read.Next).Seal(service.Tokens);
        RecordsWriter.Write(answer, read, stream.Settings.Encrypted, next, read.EndOfShard ? stream.ChildrenOf(shard) : []);
        return rehearsed?.LateAsync(Task.CompletedTask) ?? Task.CompletedTask;
    }
}
