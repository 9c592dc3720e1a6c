using System.Text.Json;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>GetRecords: the same full page again and again, each connection from a shard of its own.</summary>
/// <inheritdoc/>
internal sealed record GetRequest(int DataLength) : LoadRequest("GetRecords", PageMax, DataLength)
{
    /// <summary>Most records of one answer.</summary>
    public const int PageMax = 10_000;

    // Keys of chance: with a quarter more than the pages hold, each shard has a full one.
    private const int PutRequests = PageMax * ServedEndpoint.Shards * 5 / 4 / PutRequest.RecordsMax;

    public override void Prepare(Uri address)
    {
        byte[][] puts = new PutRequest(PutRequest.RecordsMax, DataLength).ForConnection(address, 0);
        using var connection = new Connection(address);
        for (int i = 0; i < PutRequests; i++)
            connection.Ask(puts[i % puts.Length]);
    }

    public override byte[][] ForConnection(Uri address, int connection)
    {
        using var asking = new Connection(address);
        string shard = $$"""{"StreamName":"{{ServedEndpoint.Stream}}","ShardId":"shardId-{{connection % ServedEndpoint.Shards:D12}}","ShardIteratorType":"TRIM_HORIZON"}""";
        using JsonDocument answer = JsonDocument.Parse(asking.AskForBody(ToHttp(address, "GetShardIterator", shard)));
        byte[] request = ToHttp(address, Action, $$"""{"ShardIterator":"{{answer.RootElement.GetProperty("ShardIterator").GetString()}}","Limit":{{Records}}}""");
        using JsonDocument page = JsonDocument.Parse(asking.AskForBody(request));
        int found = page.RootElement.GetProperty("Records").GetArrayLength();
        return found == Records ? [request] : throw new InvalidOperationException($"The page has {found} records instead of {Records}.");
    }

    public override string ToString() => base.ToString();
}
