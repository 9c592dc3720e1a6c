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
        (EmbeddedStream stream, int after, ShardFilter filter) = Begin(request, service);
        int limit = Math.Min(request.Integer("MaxResults") ?? PageMax, PageMax);
        List<Shard> rest = [.. stream.ListShards().Where(shard => shard.Index > after && filter.Selects(shard))];
        int count = Math.Min(limit, rest.Count);

        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteStartArray("Shards");
        foreach (Shard shard in rest.Take(count))
            json.WriteShard(shard);
        json.WriteEndArray();
        if (count < rest.Count)
            json.WriteString("NextToken", TokenAfter(stream, rest[count - 1], filter).Seal(service.Tokens));
        json.WriteEndObject();
    }

    private static (EmbeddedStream Stream, int After, ShardFilter Filter) Begin(Arguments request, KinesisService service)
    {
        bool named = request.Text("StreamName") is not null || request.Text("StreamARN") is not null;
        string? token = request.Text("NextToken");
        if (token is null)
        {
            if (!named)
                throw KinesisException.InvalidArgument("Either NextToken or StreamName should be provided.");
            EmbeddedStream stream = CreatedAsAsked(request, service.StreamOf(request), service);
            if (stream.Status is StreamStatus.Creating)       // says "not ready yet" to the KCL
                throw KinesisException.StreamNotActive(stream.Name, stream.Account, stream.Status);
            int after = Math.Max(AfterShardId(request.Text("ExclusiveStartShardId")), AfterFilter(request));
            return (stream, after, FilterOf(request, stream, service));
        }
        if (named)
            throw KinesisException.InvalidArgument("NextToken and StreamName cannot be provided together.");
        foreach (string other in new[] { "StreamCreationTimestamp", "ExclusiveStartShardId", "ShardFilter" })
        {
            if (request.Has(other))
                throw KinesisException.InvalidArgument($"NextToken and {other} cannot be provided together.");
        }
        return Continue(PageToken.Open(token, nameof(ListShards), service.Tokens), service);
    }

    private static (EmbeddedStream Stream, int After, ShardFilter Filter) Continue(PageToken token, KinesisService service)
    {
        string[] subject = token.Subject.Split('/');
        EmbeddedStream stream = service.StreamOf(subject[0]);
        if (CreatedOf(stream) != subject[1])
            throw KinesisException.StreamNotFound(stream.Name, stream.Account);
        return (stream, int.Parse(token.Last, CultureInfo.InvariantCulture), ShardFilter.Parse(subject[2]));
    }

    // The filter goes along: a time that was the horizon's on the first page is the same on the last.
    private static PageToken TokenAfter(EmbeddedStream stream, Shard last, ShardFilter filter) =>
        new(nameof(ListShards), $"{stream.Name}/{CreatedOf(stream)}/{filter}", last.Index.ToString(CultureInfo.InvariantCulture));

    private static string CreatedOf(EmbeddedStream stream) => stream.Records.Created.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>StreamCreationTimestamp tells a stream from an earlier one of the same name; whole seconds decide.</summary>
    private static EmbeddedStream CreatedAsAsked(Arguments request, EmbeddedStream stream, KinesisService service) =>
        request.Milliseconds("StreamCreationTimestamp") is { } asked && asked / 1000 != stream.Records.Created.ToUnixTimeSeconds()
            ? throw KinesisException.StreamNotFound(stream.Name, stream.Account)
            : stream;

    private static ShardFilter FilterOf(Arguments request, EmbeddedStream stream, KinesisService service)
    {
        long horizon = Math.Max(stream.Records.ExpiredArrival(service.Streams.Time.GetUtcNow()), stream.Records.Created.ToUnixTimeMilliseconds());
        if (request.Structure("ShardFilter") is not { } filter)
            return ShardFilter.All;

        string type = filter.Text("Type")!;
        if (type is "AT_TIMESTAMP" or "FROM_TIMESTAMP" && !filter.Has("Timestamp"))
            throw KinesisException.InvalidArgument($"ShardFilter of type {type} needs a Timestamp.");
        return type switch
        {
            "AT_LATEST" => ShardFilter.Open,
            "AT_TRIM_HORIZON" => ShardFilter.At(horizon),
            "AT_TIMESTAMP" => ShardFilter.At(Math.Max(filter.Milliseconds("Timestamp")!.Value, horizon)),
            "FROM_TIMESTAMP" => ShardFilter.From(Math.Max(filter.Milliseconds("Timestamp")!.Value, horizon)),
            _ => ShardFilter.All,
        };
    }

    private static int AfterFilter(Arguments request)
    {
        if (request.Structure("ShardFilter") is not { } filter || filter.Text("Type") != "AFTER_SHARD_ID")
            return -1;
        return AfterShardId(filter.Text("ShardId") ?? throw KinesisException.InvalidArgument("ShardFilter of type AFTER_SHARD_ID needs a ShardId."));
    }

    private static int AfterShardId(string? id)
    {
        if (id is null)
            return -1;
        return ShardId.TryParse(id, out int index) ? index : int.MaxValue;
    }
}
