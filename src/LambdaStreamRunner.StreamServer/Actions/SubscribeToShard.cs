using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Faults;
using LambdaStreamRunner.StreamServer.Protocol;
using LambdaStreamRunner.StreamServer.Subscriptions;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html</summary>
/// <remarks>Its answer has no end to wait for: each call is an object of its own, which keeps what the call has begun.</remarks>
internal sealed class SubscribeToShard : DataAction
{
    private static readonly ImmutableArray<Member> RequestMembers =
    [
        Consumers.Arn with { IsRequired = true },
        Protocol.Members.ShardId with { IsRequired = true },
        new("StartingPosition", MemberType.Structure)
        {
            IsRequired = true,
            Members =
            [
                StartingPlace.TypeMember("Type"),
                Protocol.Members.SequenceNumber("SequenceNumber"),
                Protocol.Members.Timestamp("Timestamp"),
            ],
        },
        Protocol.Members.StreamId,
        Protocol.Members.DryRun,
    ];

    public override ImmutableArray<Member> Members => RequestMembers;

    /// <summary>What is to be sent; null before <see cref="ExecuteAsync"/>.</summary>
    public ShardSubscription? Subscription { get; private set; }

    public override Task ExecuteAsync(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        ConsumerArn arn = ConsumerArn.Parse(request.Text("ConsumerARN")!);
        EmbeddedStream stream = service.Streams.FindForData(arn.StreamName) ?? throw KinesisException.StreamNotFound(arn.StreamName, service.Account);
        StreamConsumer consumer = arn.FindIn(stream.Settings) ?? throw KinesisException.ConsumerNotFound(arn.ConsumerName, stream.Account);
        if (consumer.ActiveFrom > service.Streams.Time.GetUtcNow())
            throw new KinesisException(
                "ResourceInUseException",
                $"Consumer {consumer.Name} with creation timestamp {consumer.Created.ToUnixTimeSeconds()} under stream: {stream.Name} , account {stream.Account} is not in ACTIVE status.");

        Shard shard = GetShardIterator.Find(stream.Name, request.Text("ShardId")!, service).Shard;
        Arguments start = request.Structure("StartingPosition")!.Value;
        ShardPosition from = new StartingPlace(Name, stream, shard, service).Resolve(start.Text("Type")!, start.Text("SequenceNumber"), start.Milliseconds("Timestamp"));
        if (request.Boolean("DryRun"))
            throw KinesisException.DryRun();

        RehearsedCall? rehearsed = stream.Faults?.Next(service.Stopping);
        if (rehearsed?.RefusalOfSubscription(stream) is { } refusal)
            return rehearsed.LateAsync(refusal);

        Subscription = ShardSubscription.Begin(service.Streams, stream, consumer, shard, from);
        return rehearsed?.LateAsync(Task.CompletedTask) ?? Task.CompletedTask;
    }
}
