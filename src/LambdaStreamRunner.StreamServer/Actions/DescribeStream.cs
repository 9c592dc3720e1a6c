using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStream.html</summary>
internal sealed class DescribeStream : KinesisAction
{
    /// <summary>Most shards of one answer, whatever Limit asks for.</summary>
    public const int PageMax = 100;

    public override ImmutableArray<Member> Members { get; } =
        [.. Protocol.Members.Stream, Protocol.Members.Limit(), Protocol.Members.ExclusiveStartShardId];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        EmbeddedStream stream = service.StreamOf(request);
        int limit = Math.Min(request.Integer("Limit") ?? PageMax, PageMax);
        int first = FirstShard(request.Text("ExclusiveStartShardId"));
        ImmutableArray<Shard> shards = stream.Status is StreamStatus.Active or StreamStatus.Updating ? stream.ListShards() : [];
        Shard[] rest = [.. shards.SkipWhile(shard => shard.Index < first)];
        int count = Math.Min(rest.Length, limit);

        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteStartObject("StreamDescription");
        json.WriteStreamIdentity(stream);
        json.WriteStartArray("Shards");
        foreach (Shard shard in rest.AsSpan(0, count))
            json.WriteShard(shard);
        json.WriteEndArray();
        json.WriteBoolean("HasMoreShards", count < rest.Length);
        json.WriteStreamSettings(stream);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The id is a lower bound; the shard need not exist.</summary>
    private static int FirstShard(string? exclusiveStart)
    {
        if (exclusiveStart is null)
            return 0;
        return ShardId.TryParse(exclusiveStart, out int index) && index < int.MaxValue ? index + 1 : int.MaxValue;
    }
}
