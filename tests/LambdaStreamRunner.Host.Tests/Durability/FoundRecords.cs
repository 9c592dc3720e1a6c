using System.Text;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Checkpoints;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.StreamServer;
using LambdaStreamRunner.StreamServer.Storage;

namespace LambdaStreamRunner.Host.Tests.Durability;

/// <summary>What the folder holds once its process is dead, round after round; every record is read once.</summary>
internal sealed class FoundRecords(string folder)
{
    private readonly HashSet<string> _contents = [];
    private readonly Dictionary<int, SequenceNumber> _newest = [];

    public int Count => _contents.Count;

    public int Checkpoints { get; private set; }

    /// <summary>What is wrong; null when nothing is.</summary>
    public string? Check(IReadOnlyList<Acknowledged> acknowledged)
    {
        using var store = StreamStore.Open(new StorageOptions(folder));
        var streams = new EmbeddedStreams(new EmbeddedStreamsOptions(), TimeProvider.System, store: store);
        EmbeddedStream stream = streams.Get("clicks");
        var byNumber = new Dictionary<SequenceNumber, string>();
        foreach (Shard shard in stream.Records.Shards)
        {
            if (ReadNew(stream, shard, byNumber) is { } wrong)
                return wrong;
        }
        foreach (Acknowledged ack in acknowledged)
        {
            if (!byNumber.TryGetValue(ack.Number, out string? content) || content != ack.Content)
                return $"{ack} is not there; '{content}' is.";
        }
        return CheckCheckpoints(stream, new StoredCheckpoints(store));
    }

    private string? ReadNew(EmbeddedStream stream, Shard shard, Dictionary<SequenceNumber, string> byNumber)
    {
        var reader = new ShardReader(shard);
        SequenceNumber newest = _newest.GetValueOrDefault(shard.Index, shard.StartingSequenceNumber);
        while (true)
        {
            ShardRead read = stream.Read(reader, ShardPosition.After(newest), ShardReader.RecordsMax);
            if (read.Records.IsEmpty)
                break;
            foreach (ReadOnlyMemory<StreamRecord> part in read.Records)
            {
                foreach (StreamRecord record in part.Span)
                {
                    if (record.SequenceNumber <= newest)
                        return $"{shard.Id}: {record.SequenceNumber} comes after {newest}.";
                    newest = record.SequenceNumber;
                    string content = Encoding.UTF8.GetString(record.Data.Span).TrimEnd();
                    if (content != record.PartitionKey)
                        return $"{shard.Id}: key '{record.PartitionKey}' has the data '{content}'.";
                    if (!_contents.Add(content))
                        return $"{shard.Id}: '{content}' is there twice.";
                    byNumber.Add(record.SequenceNumber, content);
                }
            }
        }
        _newest[shard.Index] = newest;
        long fromStart = stream.CountFrom(reader, ShardPosition.TrimHorizon);
        return fromStart == shard.RecordCount ? null : $"{shard.Id}: {shard.RecordCount} records were put, {fromStart} are there.";
    }

    private string? CheckCheckpoints(EmbeddedStream stream, StoredCheckpoints checkpoints)
    {
        string uuid = new MappingConfiguration
        {
            Settings = new() { EventSourceArn = stream.Arn },
            Stream = new(stream.Name, stream.Arn, 1),
            Function = new() { Name = "Clicks", Arn = "arn:aws:lambda:us-east-1:000000000000:function:Clicks", CodeUri = "", Handler = "" },
        }.Uuid.ToString();
        foreach (Shard shard in stream.Records.Shards)
        {
            var key = new CheckpointKey(uuid, shard.Id, stream.Records.Created.ToUnixTimeMilliseconds());
            ValueTask<ShardCheckpoint?> loading = checkpoints.LoadAsync(key, CancellationToken.None);
            if (!loading.IsCompletedSuccessfully || loading.Result is not { } checkpoint)
                continue;
            Checkpoints++;
            if (checkpoint.Position.SequenceNumber > _newest[shard.Index] || checkpoint.Marks?.SettledThrough > _newest[shard.Index])
                return $"{shard.Id}: the checkpoint {checkpoint} is ahead of {_newest[shard.Index]}.";
        }
        return null;
    }
}
