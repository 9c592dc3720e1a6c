using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreamConsumers.html</summary>
internal sealed class ListStreamConsumers : KinesisAction
{
    /// <summary>Most consumers of one answer, whatever MaxResults asks for.</summary>
    public const int PageMax = 100;

    public override ImmutableArray<Member> Members { get; } =
    [
        Protocol.Members.StreamArn with { IsRequired = true },
        Protocol.Members.NextToken,
        Protocol.Members.Limit("MaxResults"),
        Protocol.Members.Timestamp("StreamCreationTimestamp"),
        Protocol.Members.StreamId,
    ];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        EmbeddedStream stream = service.StreamOf(request);
        if (request.Has("NextToken") && request.Has("StreamCreationTimestamp"))
            throw KinesisException.InvalidArgument("NextToken and StreamCreationTimestamp cannot be provided together.");
        if (request.Milliseconds("StreamCreationTimestamp") is { } created && created != stream.Records.Created.ToUnixTimeMilliseconds())
            throw KinesisException.StreamNotFound(stream.Name, stream.Account);

        string? after = request.Text("NextToken") is { } token ? Open(token, stream, service) : null;
        StreamConsumer[] rest =
        [
            .. stream.Settings.Consumers.Where(consumer => string.CompareOrdinal(consumer.Name, after) > 0).OrderBy(consumer => consumer.Name, StringComparer.Ordinal),
        ];
        Write(answer, rest, Math.Min(request.Integer("MaxResults") ?? PageMax, PageMax), stream, service);
    }

    private string Open(string token, EmbeddedStream stream, KinesisService service)
    {
        PageToken page = PageToken.Open(token, Name, service.Tokens);
        return page.Subject == stream.Arn ? page.Last : throw KinesisException.InvalidArgument("NextToken is invalid.");
    }

    private void Write(IBufferWriter<byte> answer, ReadOnlySpan<StreamConsumer> rest, int limit, EmbeddedStream stream, KinesisService service)
    {
        ReadOnlySpan<StreamConsumer> page = rest[..Math.Min(limit, rest.Length)];
        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteStartArray("Consumers");
        foreach (StreamConsumer consumer in page)
        {
            json.WriteStartObject();
            Consumers.WriteMembers(json, consumer, stream, service.Streams.Time.GetUtcNow());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (page.Length < rest.Length)
            json.WriteString("NextToken", new PageToken(Name, stream.Arn, page[^1].Name).Seal(service.Tokens));
        json.WriteEndObject();
    }
}
