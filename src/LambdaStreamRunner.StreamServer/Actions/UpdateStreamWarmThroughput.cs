using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamWarmThroughput.html</summary>
internal sealed class UpdateStreamWarmThroughput : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } =
        [.. Protocol.Members.Stream, Protocol.Members.WarmThroughput with { IsRequired = true }];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        EmbeddedStream stream = service.StreamOf(request);
        int target = WarmThroughput.Of(request)!.Value;
        stream.BeginUpdate(() => stream.Settings.Mode is StreamMode.OnDemand
            ? WarmThroughput.Plan(stream, target, service)
            : throw KinesisException.Validation($"Request is invalid. Stream {stream.Name} under account {stream.Account} is not in On-Demand mode."));
        stream.Change(settings => settings with { WarmThroughputMiBps = target });

        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("StreamARN", stream.Arn);
        json.WriteString("StreamName", stream.Name);
        json.WriteWarmThroughput(stream);
        json.WriteEndObject();
    }
}
