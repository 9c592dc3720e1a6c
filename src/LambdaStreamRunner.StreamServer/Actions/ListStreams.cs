using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreams.html</summary>
internal sealed class ListStreams : KinesisAction
{
    /// <summary>Most streams of one answer, whatever Limit asks for.</summary>
    public const int PageMax = 100;

    public override ImmutableArray<Member> Members { get; } =
        [Protocol.Members.Limit(), Protocol.Members.Name("ExclusiveStartStreamName"), Protocol.Members.NextToken];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        if (request.Has("NextToken") && request.Has("ExclusiveStartStreamName"))
            throw KinesisException.InvalidArgument("NextToken and ExclusiveStartStreamName cannot be provided together.");
        string? after = request.Text("NextToken") is { } token
            ? PageToken.Open(token, Name, service.Tokens).Last
            : request.Text("ExclusiveStartStreamName");
        int limit = Math.Min(request.Integer("Limit") ?? PageMax, PageMax);
        EmbeddedStream[] rest = [.. service.Streams.All.Where(stream => string.CompareOrdinal(stream.Name, after) > 0)];
        ReadOnlySpan<EmbeddedStream> page = rest.AsSpan(0, Math.Min(limit, rest.Length));
        bool hasMore = page.Length < rest.Length;

        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteStartArray("StreamNames");
        foreach (EmbeddedStream stream in page)
            json.WriteStringValue(stream.Name);
        json.WriteEndArray();
        json.WriteBoolean("HasMoreStreams", hasMore);
        if (hasMore)
            json.WriteString("NextToken", new PageToken(Name, "", page[^1].Name).Seal(service.Tokens));
        json.WriteStartArray("StreamSummaries");
        foreach (EmbeddedStream stream in page)
        {
            json.WriteStartObject();
            json.WriteStreamIdentity(stream);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
