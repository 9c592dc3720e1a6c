using System.Text;
using System.Text.Json;
using CsCheck;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Tests.Protocol;

public class FastPutTests
{
    private static readonly Gen<object[]> Records =
        Gen.Select(Gen.String[Gen.Char['\u0001', '\ud7ff'], 1, 70], Gen.Byte.Array[0, 3000], (key, data) => (object)new { Data = data, PartitionKey = key }).Array[1, 40];

    [Fact]
    public async Task Both_paths_store_and_answer_the_same() => await Records.SampleAsync(
        async records =>
        {
            await using KinesisServer server = await KinesisServer.StartAsync();
            server.Streams.Create("fast", 3);
            server.Streams.Create("general", 3);

            JsonElement fast = await server.CallAsync("PutRecords", new { StreamName = "fast", Records = records });
            JsonElement general = await server.CallAsync("PutRecords", new { StreamName = "general", Records = records, Unknown = "member" });

            Assert.Equal(general.GetRawText(), fast.GetRawText());
            Assert.Equal(Contents(server.Streams.Get("general")), Contents(server.Streams.Get("fast")));
        },
        iter: 20);

    [Fact]
    public async Task One_record_is_answered_alike_on_both_paths()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("fast", 1);
        server.Streams.Create("general", 1);

        JsonElement fast = await server.CallAsync("PutRecord", new { StreamName = "fast", Data = "YQ==", PartitionKey = "k" });
        JsonElement general = await server.CallAsync("PutRecord", new { StreamName = "general", Data = "YQ==", PartitionKey = "k", Unknown = "member" });

        Assert.Equal(general.GetRawText(), fast.GetRawText());
        Assert.Equal(Contents(server.Streams.Get("general")), Contents(server.Streams.Get("fast")));
    }

    private static string Contents(EmbeddedStream stream)
    {
        var text = new StringBuilder();
        foreach (Shard shard in stream.Records.Shards)
        {
            foreach (ReadOnlyMemory<StreamRecord> run in new ShardReader(shard).Read(ShardPosition.TrimHorizon, 10_000, stream.Records.Created).Records)
            {
                foreach (StreamRecord record in run.Span)
                    text.AppendLine($"{record.SequenceNumber} {record.KeyHash} {record.PartitionKey} {Convert.ToHexString(record.Data.Span)}");
            }
        }
        return text.ToString();
    }
}
