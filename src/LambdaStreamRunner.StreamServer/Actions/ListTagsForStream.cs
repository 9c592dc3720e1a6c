using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListTagsForStream.html</summary>
internal sealed class ListTagsForStream : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } =
    [
        .. Protocol.Members.Stream,
        new("ExclusiveStartTagKey", MemberType.String) { LengthMin = 1, LengthMax = 128 },
        Protocol.Members.Limit() with { ValueMax = Tagging.TagsMax },
    ];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        string? after = request.Text("ExclusiveStartTagKey");
        KeyValuePair<string, string>[] rest = [.. service.StreamOf(request).Settings.Tags.Where(tag => string.CompareOrdinal(tag.Key, after) > 0)];
        int count = Math.Min(request.Integer("Limit") ?? Tagging.TagsMax, rest.Length);

        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteTags(rest.AsSpan(0, count));
        json.WriteBoolean("HasMoreTags", count < rest.Length);
        json.WriteEndObject();
    }
}
