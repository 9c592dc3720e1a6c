using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;


/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeLimits.html</summary>
internal sealed class DescribeLimits : KinesisAction
{
    /// <summary>ON_DEMAND streams of an account (AWS: default quota).</summary>
    public const int OnDemandStreamsMax = 50;

    public override ImmutableArray<Member> Members => [];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        IReadOnlyList<EmbeddedStream> streams = service.Streams.All;
        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteNumber("ShardLimit", CreateStream.ShardQuota);
        json.WriteNumber("OpenShardCount", streams.Where(stream => stream.Settings.Mode is StreamMode.Provisioned).Sum(stream => stream.Records.OpenShardCount));
        json.WriteNumber("OnDemandStreamCount", streams.Count(stream => stream.Settings.Mode is StreamMode.OnDemand));
        json.WriteNumber("OnDemandStreamCountLimit", OnDemandStreamsMax);
        json.WriteEndObject();
    }
}
