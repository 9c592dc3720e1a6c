using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Host.Tests.Verbs;

namespace LambdaStreamRunner.Host.Tests.Durability;

/// <summary>One process serves a stream, another one reads it for a mapping: nothing is lost and no key loses its order while the shards change, and when the first is killed and comes back.</summary>
/// <remarks>Real time, since it is about real processes.</remarks>
public sealed class RemoteStreamTests : IDisposable
{
    private const int Keys = 200;
    private const int FailsOnce = 100;

    private readonly Workspace _serving = new();
    private readonly Workspace _reading = new();
    private readonly KinesisCaller _kinesis = new();

    public void Dispose()
    {
        _kinesis.Dispose();
        _serving.Dispose();
        _reading.Dispose();
    }

    [Fact]
    public async Task Nothing_is_lost_or_out_of_order_through_reshards_and_kill_9_of_the_serving_process()
    {
        string served = _serving.Configure("Succeed", new Dictionary<string, object> { ["Enabled"] = false });
        await using LambdaStream first = Serve(served, port: 0);
        Uri endpoint = await first.EndpointAsync();
        await using LambdaStream reader = Read(endpoint);
        Uri readerEndpoint = await reader.EndpointAsync();

        int put = await PutAsync(endpoint, 0, 1_000);
        await SplitAsync(endpoint);
        put = await PutAsync(endpoint, put, 2_000);
        await _kinesis.UpdateShardCountAsync(endpoint, 4);
        put = await PutAsync(endpoint, put, 3_000);
        await first.SignalAsync("KILL");
        await first.ExitAsync();
        await reader.SaysAsync("cannot be reached");
        await using LambdaStream second = Serve(served, endpoint.Port);
        Assert.Equal(endpoint, await second.EndpointAsync());
        put = await PutAsync(endpoint, put, 4_000);
        await MergeAsync(endpoint);
        put = await PutAsync(endpoint, put, 5_000);
        await _kinesis.DrainedAsync(readerEndpoint, reader);
        await reader.SignalAsync("TERM");
        Assert.Equal(0, await reader.ExitAsync());
        await second.SignalAsync("TERM");
        await second.ExitAsync();

        IReadOnlyDictionary<SequenceNumber, StoredRecord> stored = StoredRecord.ReadAll(_serving.PathOf("data"));
        var history = new DeliveryHistory(_reading.PathOf("deliveries"), _reading.WriteLines("failed.jsonl", []));
        string? wrong = history.WhatIsWrong(stored, [new LifeStart(0, [])]);
        JsonElement mapping = LambdaStream.MappingOf(reader.Out);

        Assert.True(wrong is null, wrong);
        Assert.Equal((put, put), (stored.Count, LambdaStream.Count(mapping, "succeeded")));
        Assert.Equal(0, LambdaStream.Count(mapping, "orderViolations"));
        Assert.Equal(0, history.Repeated);
    }

    [Fact]
    public async Task A_start_without_the_stream_is_exit_code_3_and_a_sentence()
    {
        await using LambdaStream server = Serve(_serving.Configure("Succeed", new Dictionary<string, object> { ["Enabled"] = false }), port: 0);
        Uri endpoint = await server.EndpointAsync();
        await _kinesis.CallAsync(endpoint, "DeleteStream", new { StreamName = "clicks" });
        await using LambdaStream reader = Read(endpoint);

        Assert.Equal(3, await reader.ExitAsync());
        Assert.Contains(
            $"clicks → Clicks: arn:aws:kinesis:us-east-1:000000000000:stream/clicks at {endpoint.AbsoluteUri} cannot be read: Stream not found", reader.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_without_the_endpoint_is_exit_code_3_and_a_sentence()
    {
        await using LambdaStream reader = Read(new Uri("http://127.0.0.1:1/"));

        Assert.Equal(3, await reader.ExitAsync());
        Assert.Contains("cannot be read: Unreachable: http://127.0.0.1:1/ cannot be reached", reader.Error, StringComparison.Ordinal);
    }

    private LambdaStream Serve(string config, int port) =>
        LambdaStream.Start(_serving, "run", "--config", config, "--port", port.ToString(CultureInfo.InvariantCulture), "--data", "data");

    private LambdaStream Read(Uri endpoint) => LambdaStream.Start(_reading, "run", "--config", Configure(endpoint), "--port", "0", "--json");

    private string Configure(Uri endpoint) => _reading.Write("runner.json", JsonSerializer.Serialize(new
    {
        Streams = new { clicks = new { Endpoint = endpoint.AbsoluteUri } },
        Functions = new
        {
            Clicks = new
            {
                CodeUri = Workspace.DllOf("OddFunctions"),
                Handler = Workspace.Odd + "Stumble",
                Timeout = 60,
                Environment = new { Variables = new { DELIVERIES_FILE = _reading.PathOf("deliveries") } },
            },
        },
        EventSourceMappings = new[]
        {
            new { EventSourceArn = "clicks", FunctionName = "Clicks", StartingPosition = "TRIM_HORIZON", BatchSize = 50, ParallelizationFactor = 5 },
        },
    }));

    private Task<int> PutAsync(Uri endpoint, int from, int to) => _kinesis.PutAsync(
        endpoint, from, to, Keys, number => string.Create(CultureInfo.InvariantCulture, $"{number} {((number + 7) % FailsOnce == 0 ? "once" : "well")}"));

    private Task<JsonElement> SplitAsync(Uri endpoint) => _kinesis.CallAsync(
        endpoint, "SplitShard", new { StreamName = "clicks", ShardToSplit = "shardId-000000000000", NewStartingHashKey = (UInt128.MaxValue / 3).ToString(CultureInfo.InvariantCulture) });

    private async Task MergeAsync(Uri endpoint)
    {
        JsonElement listed = await _kinesis.CallAsync(endpoint, "ListShards", new { StreamName = "clicks", ShardFilter = new { Type = "AT_LATEST" } });
        string[] open = [.. listed.GetProperty("Shards").EnumerateArray()
            .OrderBy(shard => UInt128.Parse(shard.GetProperty("HashKeyRange").GetProperty("StartingHashKey").GetString()!, CultureInfo.InvariantCulture))
            .Select(shard => shard.GetProperty("ShardId").GetString()!)];
        await _kinesis.CallAsync(endpoint, "MergeShards", new { StreamName = "clicks", ShardToMerge = open[1], AdjacentShardToMerge = open[2] });
    }
}
