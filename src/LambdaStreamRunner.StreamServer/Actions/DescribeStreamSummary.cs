using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html</summary>
internal sealed class DescribeStreamSummary : KinesisAction
{
    public override ImmutableArray<Member> Members => Protocol.Members.Stream;

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        EmbeddedStream stream = service.StreamOf(request);
        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteStartObject("StreamDescriptionSummary");
        json.WriteStreamIdentity(stream);
        json.WriteStreamSettings(stream);
        json.WriteNumber("OpenShardCount", stream.Records.OpenShardCount);
        json.WriteNumber("ConsumerCount", stream.Settings.Consumers.Length);
        json.WriteWarmThroughput(stream);
        json.WriteNumber("MaxRecordSizeInKiB", stream.Settings.MaxRecordSizeInKiB);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
