using System.Diagnostics;
using System.Text.Json;

namespace LambdaStreamRunner.Aggregation.Tests.Clients;

/// <summary>npm's aws-kinesis-agg, which Amazon wrote for handlers in Node, unchanged.</summary>
public class NodeModuleTests
{
    /// <summary>Reads aggregated records from us, prints what it found, and aggregates that again.</summary>
    private const string Script =
        """
        const agg = require('aws-kinesis-agg');
        const ours = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        agg.deaggregateSync({ partitionKey: ours.partitionKey, sequenceNumber: '1', data: ours.data }, true, (error, users) => {
            if (error) throw error;
            const theirs = new agg.RecordAggregator();
            for (const user of users)
                theirs.addUserRecord({ partitionKey: user.partitionKey, explicitHashKey: user.explicitPartitionKey, data: Buffer.from(user.data, 'base64') });
            console.log(JSON.stringify({ users, data: theirs.build().data.toString('base64') }));
        });
        """;

    private static readonly string Modules = Path.Combine(RepositoryRoot(), "artifacts", "clients", "node_modules");

    /// <remarks>All records or none have an explicit hash key: the module takes a missing index for 0.</remarks>
    [Theory]
    [InlineData(null)]
    [InlineData(Vectors.MiddleOfTheHashSpace)]
    public async Task It_opens_what_we_aggregate_and_we_open_what_it_aggregates(string? everyHashKey)
    {
        Require();
        var aggregator = new RecordAggregator();
        (string Key, string? HashKey, string Data)[] records =
            [.. Enumerable.Range(0, 500).Select(i => ($"key-{i % 7}", everyHashKey, $"record {i} ü"))];
        foreach ((string key, string? hashKey, string data) in records)
            Assert.True(aggregator.TryAdd(key, System.Text.Encoding.UTF8.GetBytes(data), hashKey));
        AggregatedBlob ours = aggregator.Take()!;

        JsonElement answer = await RunAsync(JsonSerializer.Serialize(new { partitionKey = ours.PartitionKey, data = ours.Data }));

        Assert.Equal(records, answer.GetProperty("users").EnumerateArray().Select(user => (
            user.GetProperty("partitionKey").GetString()!,
            user.TryGetProperty("explicitPartitionKey", out JsonElement hashKey) ? hashKey.GetString() : null,
            System.Text.Encoding.UTF8.GetString(user.GetProperty("data").GetBytesFromBase64()))));
        IReadOnlyList<UserRecord> theirs = AggregatedRecord.Open(ours.PartitionKey, answer.GetProperty("data").GetBytesFromBase64());
        Assert.Equal(records, theirs.Select(user => (user.PartitionKey, user.ExplicitHashKey, System.Text.Encoding.UTF8.GetString(user.Data.Span))));
    }

    /// <summary>Skips when it is not installed; in CI (variable CI is true) that is a failure.</summary>
    private static void Require()
    {
        if (Directory.Exists(Path.Combine(Modules, "aws-kinesis-agg")))
            return;
        const string Reason = "aws-kinesis-agg is not installed (npm install --prefix artifacts/clients aws-kinesis-agg@4.2.8).";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Reason);
        Assert.Skip(Reason);
    }

    private static async Task<JsonElement> RunAsync(string input)
    {
        var start = new ProcessStartInfo("node", ["-e", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NODE_PATH"] = Modules;
        using Process node = Process.Start(start)!;
        CancellationToken stopping = TestContext.Current.CancellationToken;
        await node.StandardInput.WriteAsync(input.AsMemory(), stopping);
        node.StandardInput.Close();
        Task<string> output = node.StandardOutput.ReadToEndAsync(stopping);
        string errors = await node.StandardError.ReadToEndAsync(stopping);
        await node.WaitForExitAsync(stopping);
        Assert.True(node.ExitCode == 0, errors);
        return JsonSerializer.Deserialize<JsonElement>(await output);
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LambdaStreamRunner.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests run outside of the repository.");
    }
}
