using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html</summary>
internal sealed class PutRecords : KinesisAction
{
    /// <summary>Most bytes of keys and data in one request.</summary>
    public const int BytesMax = 10 * 1024 * 1024;

    private static readonly Member Entry = new("Record", MemberType.Structure)
    {
        Members = [Protocol.Members.Data, Protocol.Members.PartitionKey, Protocol.Members.ExplicitHashKey],
    };

    public override ImmutableArray<Member> Members { get; } =
    [
        .. Protocol.Members.Stream,
        new("Records", MemberType.List) { IsRequired = true, LengthMin = 1, LengthMax = Protocol.Members.PutRecordsEntriesMax, Element = Entry },
        Protocol.Members.DryRun,
    ];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        EmbeddedStream stream = service.StreamOf(request);
        var records = new List<(byte[] Key, byte[] Data, UInt128? ExplicitHashKey)>();
        long bytes = 0;
        foreach (Arguments entry in request.List("Records"))
        {
            (byte[] key, byte[] data) = (Encoding.UTF8.GetBytes(entry.Text("PartitionKey")!), entry.Blob("Data"));
            records.Add((key, data, PutRecord.ParseHashKey(entry.Text("ExplicitHashKey"))));
            EmbeddedStream.CheckRecordBytes(key.Length + data.Length);
            bytes += key.Length + data.Length;
        }
        if (bytes > BytesMax)
            throw KinesisException.InvalidArgument("Records size exceeds 10 MB limit");

        long memory = stream.TakeMemory(records.Count, bytes);
        try
        {
            using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
            json.WriteStartObject();
            json.WriteNumber("FailedRecordCount", 0);
            json.WriteStartArray("Records");
            foreach ((byte[] key, byte[] data, UInt128? explicitHashKey) in records)
                WriteResult(json, stream.Put(key, data, explicitHashKey, ref memory));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        finally
        {
            stream.GiveBackMemory(memory);
        }
    }

    private static void WriteResult(Utf8JsonWriter json, PutResult put)
    {
        json.WriteStartObject();
        json.WriteSequenceNumber("SequenceNumber", put.SequenceNumber);
        json.WriteString("ShardId", put.Shard.Id);
        json.WriteEndObject();
    }
}
