using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetResourcePolicy.html</summary>
internal sealed class GetResourcePolicy : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } = [KinesisResource.Arn];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("Policy", KinesisResource.Of(request, service).Policy ?? "{}");
        json.WriteEndObject();
    }
}
