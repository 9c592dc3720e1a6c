using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutResourcePolicy.html</summary>
internal sealed class PutResourcePolicy : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } =
        [KinesisResource.Arn, new("Policy", MemberType.String) { IsRequired = true }];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        KinesisResource resource = KinesisResource.Of(request, service);
        string policy = request.Text("Policy")!;
        if (!IsJsonObject(policy))
            throw KinesisException.InvalidArgument("The resource policy is not a JSON object.");
        resource.ChangePolicy(_ => policy);
    }

    private static bool IsJsonObject(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind is JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
