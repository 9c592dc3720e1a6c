using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Checkpoints;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.StreamServer;
using LambdaStreamRunner.StreamServer.Storage;

namespace LambdaStreamRunner.Host.Tests.Durability;

/// <summary>A record of the stream "clicks", as the folder has it when its process is dead.</summary>
/// <param name="Key">Its partition key.</param>
/// <param name="IsPoison">True when the function never succeeds with it.</param>
internal readonly record struct StoredRecord(string Key, bool IsPoison)
{
    /// <summary>All of them, by number.</summary>
    public static IReadOnlyDictionary<SequenceNumber, StoredRecord> ReadAll(string folder)
    {
        using var store = StreamStore.Open(new StorageOptions(folder));
        EmbeddedStream stream = new EmbeddedStreams(new EmbeddedStreamsOptions(), TimeProvider.System, store: store).Get("clicks");
        var records = new Dictionary<SequenceNumber, StoredRecord>();
        foreach (Shard shard in stream.Records.Shards)
        {
            var reader = new ShardReader(shard);
            ShardRead read = stream.Read(reader, ShardPosition.TrimHorizon, ShardReader.RecordsMax);
            for (; !read.Records.IsEmpty; read = stream.Read(reader, read.Next, ShardReader.RecordsMax))
            {
                foreach (ReadOnlyMemory<StreamRecord> part in read.Records)
                {
                    foreach (StreamRecord record in part.Span)
                        records.Add(record.SequenceNumber, new StoredRecord(record.PartitionKey, record.Data.Span.EndsWith("always"u8)));
                }
            }
        }
        return records;
    }

    /// <summary>The checkpoints of the mapping to the function Clicks, by shard.</summary>
    public static Dictionary<string, ShardPosition> ReadCheckpoints(string folder)
    {
        using var store = StreamStore.Open(new StorageOptions(folder));
        EmbeddedStream stream = new EmbeddedStreams(new EmbeddedStreamsOptions(), TimeProvider.System, store: store).Get("clicks");
        string uuid = new MappingConfiguration
        {
            Settings = new() { EventSourceArn = stream.Arn },
            Stream = new(stream.Name, stream.Arn, 1),
            Function = new() { Name = "Clicks", Arn = "arn:aws:lambda:us-east-1:000000000000:function:Clicks", CodeUri = "", Handler = "" },
        }.Uuid.ToString();
        var checkpoints = new StoredCheckpoints(store);
        var positions = new Dictionary<string, ShardPosition>();
        foreach (Shard shard in stream.Records.Shards)
        {
            var key = new CheckpointKey(uuid, shard.Id, stream.Records.Created.ToUnixTimeMilliseconds());
            ValueTask<ShardCheckpoint?> loading = checkpoints.LoadAsync(key, CancellationToken.None);
            if (loading.IsCompletedSuccessfully && loading.Result is { } checkpoint)
                positions.Add(shard.Id, checkpoint.Position);
        }
        return positions;
    }
}
