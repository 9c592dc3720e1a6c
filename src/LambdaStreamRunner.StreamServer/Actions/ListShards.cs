using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html</summary>
internal sealed class ListShards : KinesisAction
{
    /// <summary>Most shards of one answer, whatever MaxResults asks for.</summary>
    public const int PageMax = 1000;

    private static readonly Member FilterType = new("Type", MemberType.String)
    {
        IsRequired = true,
        Values = ["AFTER_SHARD_ID", "AT_TRIM_HORIZON", "FROM_TRIM_HORIZON", "AT_LATEST", "AT_TIMESTAMP", "FROM_TIMESTAMP"],
    };

    public override ImmutableArray<Member> Members { get; } =
    [
        .. Protocol.Members.Stream,
        Protocol.Members.NextToken,
        Protocol.Members.ExclusiveStartShardId,
        Protocol.Members.Limit("MaxResults"),
        Protocol.Members.Timestamp("StreamCreationTimestamp"),
        new("ShardFilter", MemberType.Structure) { Members = [FilterType, Protocol.Members.ShardId, Protocol.Members.Timestamp("Timestamp")] },
    ];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        (EmbeddedStream stream, int after) = Begin(request, service);
        int limit = Math.Min(request.Integer("MaxResults") ?? PageMax, PageMax);
        List<Shard> rest = [.. stream.Records.Shards.Where(shard => shard.Index > after)];
        int count = Math.Min(limit, rest.Count);

        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteStartArray("Shards");
        foreach (Shard shard in rest.Take(count))
            json.WriteShard(shard);
        json.WriteEndArray();
        if (count < rest.Count)
            json.WriteString("NextToken", TokenAfter(stream, rest[count - 1]).Seal(service.Tokens));
        json.WriteEndObject();
    }

    private static (EmbeddedStream Stream, int After) Begin(Arguments request, KinesisService service)
    {
        bool named = request.Text("StreamName") is not null || request.Text("StreamARN") is not null;
        string? token = request.Text("NextToken");
        if (token is null)
        {
            if (!named)
                throw KinesisException.InvalidArgument("Either NextToken or StreamName should be provided.");
            EmbeddedStream stream = service.StreamOf(request);
            return (CreatedAsAsked(request, stream, service), Math.Max(AfterShardId(request.Text("ExclusiveStartShardId")), AfterFilter(request)));
        }
        if (named)
            throw KinesisException.InvalidArgument("NextToken and StreamName cannot be provided together.");
        foreach (string other in new[] { "StreamCreationTimestamp", "ExclusiveStartShardId" })
        {
            if (request.Has(other))
                throw KinesisException.InvalidArgument($"NextToken and {other} cannot be provided together.");
        }
        return Continue(PageToken.Open(token, nameof(ListShards), service.Tokens), service);
    }

    private static (EmbeddedStream Stream, int After) Continue(PageToken token, KinesisService service)
    {
        (string name, string created) = token.Subject.Split('/') is [var first, var second] ? (first, second) : ("", "");
        EmbeddedStream stream = service.Streams.Get(name);
        if (CreatedOf(stream) != created)
            throw KinesisException.StreamNotFound(name, service.Account);
        return (stream, int.Parse(token.Last, CultureInfo.InvariantCulture));
    }

    private static PageToken TokenAfter(EmbeddedStream stream, Shard last) =>
        new(nameof(ListShards), $"{stream.Name}/{CreatedOf(stream)}", last.Index.ToString(CultureInfo.InvariantCulture));

    private static string CreatedOf(EmbeddedStream stream) => stream.Records.Created.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>StreamCreationTimestamp tells a stream from an earlier one of the same name; whole seconds decide.</summary>
    private static EmbeddedStream CreatedAsAsked(Arguments request, EmbeddedStream stream, KinesisService service) =>
        request.Milliseconds("StreamCreationTimestamp") is { } asked && asked / 1000 != stream.Records.Created.ToUnixTimeSeconds()
            ? throw KinesisException.StreamNotFound(stream.Name, service.Account)
            : stream;

    /// <summary>All filters but one select by a shard's life; as no shard has ended yet, they select all of them.</summary>
    private static int AfterFilter(Arguments request)
    {
        if (request.Structure("ShardFilter") is not { } filter)
            return -1;

        string type = filter.Text("Type")!;
        if (type is "AT_TIMESTAMP" or "FROM_TIMESTAMP" && !filter.Has("Timestamp"))
            throw KinesisException.InvalidArgument($"ShardFilter of type {type} needs a Timestamp.");
        if (type != "AFTER_SHARD_ID")
            return -1;
        return AfterShardId(filter.Text("ShardId") ?? throw KinesisException.InvalidArgument($"ShardFilter of type {type} needs a ShardId."));
    }

    private static int AfterShardId(string? id)
    {
        if (id is null)
            return -1;
        return ShardId.TryParse(id, out int index) ? index : int.MaxValue;
    }
}
