using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListTagsForResource.html</summary>
internal sealed class ListTagsForResource : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } = [KinesisResource.Arn];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        KeyValuePair<string, string>[] tags = [.. KinesisResource.Of(request, service).Tags];
        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteTags(tags);
        json.WriteEndObject();
    }
}
