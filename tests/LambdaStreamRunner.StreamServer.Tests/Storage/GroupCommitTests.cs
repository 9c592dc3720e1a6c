using System.Text;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Tests.Storage;

/// <summary>Many producers at the same time, one log.</summary>
public sealed class GroupCommitTests
{
    [Fact]
    public async Task Records_of_many_producers_are_all_there_once_in_order_before_and_after_a_restart()
    {
        const int Producers = 8;
        const int RecordsEach = 500;
        using var stored = new StoredStreams(hotBytesMax: 64 << 10);
        EmbeddedStream stream = stored.Streams.Create(StoredStreams.Name, 3);
        Task<int>[] reading = [.. stream.Records.Shards.Select(shard => Task.Run(() => ReadUntilStopAsync(stream, shard)))];

        await Task.WhenAll(Enumerable.Range(0, Producers).Select(producer => Task.Run(() =>
        {
            for (int i = 0; i < RecordsEach; i++)
                stream.Put($"{producer}-{i}", Encoding.UTF8.GetBytes($"{producer}-{i}"));
        })));
        foreach (Shard shard in stream.Records.Shards)
            stream.Put("stop", "stop"u8.ToArray(), shard.HashKeyRange.StartingHashKey);

        Assert.Equal(Producers * RecordsEach, (await Task.WhenAll(reading)).Sum());
        AssertAllOnce(stored, (Producers * RecordsEach) + 3);
        stored.Restart();
        AssertAllOnce(stored, (Producers * RecordsEach) + 3);
    }

    private static void AssertAllOnce(StoredStreams stored, int count)
    {
        List<string> seen = [];
        for (int shard = 0; shard < 3; shard++)
        {
            StreamRecord[] records = stored.ReadAll(shard);
            Assert.All(records.Zip(records.Skip(1)), pair => Assert.True(pair.First.SequenceNumber < pair.Second.SequenceNumber));
            seen.AddRange(records.Select(record => $"{shard}-{record.PartitionKey}").Select(key => key.EndsWith("stop", StringComparison.Ordinal) ? key : key[2..]));
        }
        Assert.Equal(count, seen.Distinct().Count());
        Assert.Equal(count, seen.Count);
    }

    private static async Task<int> ReadUntilStopAsync(EmbeddedStream stream, Shard shard)
    {
        var reader = new ShardReader(shard);
        ShardPosition from = ShardPosition.TrimHorizon;
        int count = 0;
        while (true)
        {
            ShardRead read = await stream.ReadAsync(reader, from, 100, TestContext.Current.CancellationToken);
            foreach (ReadOnlyMemory<StreamRecord> part in read.Records)
            {
                for (int i = 0; i < part.Length; i++)
                {
                    if (part.Span[i].PartitionKey == "stop")
                        return count;
                    count++;
                }
            }
            from = read.Next;
        }
    }
}
