using System.Text;
using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests.Clients;

/// <summary>The aws CLI, unchanged.</summary>
public class AwsCliTests
{
    private const string Aws = "/usr/bin/aws";

    public AwsCliTests() => ClientProcess.Require(Aws, "awscli");

    [Fact]
    public async Task A_shell_user_creates_puts_reads_reshards_and_deletes()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        await KinesisAsync(server, "create-stream", "--stream-name", "clicks", "--shard-count", "2");
        await KinesisAsync(server, "wait", "stream-exists", "--stream-name", "clicks");
        JsonElement description = (await JsonAsync(server, "describe-stream", "--stream-name", "clicks")).GetProperty("StreamDescription");
        Assert.Equal("ACTIVE", description.GetProperty("StreamStatus").GetString());
        Assert.Equal(2, (await JsonAsync(server, "list-shards", "--stream-name", "clicks")).GetProperty("Shards").GetArrayLength());

        JsonElement put = await JsonAsync(
            server, "put-record", "--stream-name", "clicks", "--partition-key", "a", "--data", "hello", "--cli-binary-format", "raw-in-base64-out");
        string shard = put.GetProperty("ShardId").GetString()!;
        JsonElement many = await JsonAsync(
            server, "put-records", "--stream-arn", server.Streams.Get("clicks").Arn,
            "--records", "Data=b25l,PartitionKey=a", "Data=dHdv,PartitionKey=a");
        Assert.Equal(0, many.GetProperty("FailedRecordCount").GetInt32());

        string iterator = (await JsonAsync(
            server, "get-shard-iterator", "--stream-name", "clicks", "--shard-id", shard, "--shard-iterator-type", "TRIM_HORIZON"))
            .GetProperty("ShardIterator").GetString()!;
        JsonElement read = await JsonAsync(server, "get-records", "--shard-iterator", iterator);
        Assert.Equal(["hello", "one", "two"], Texts(read));

        await KinesisAsync(server, "update-shard-count", "--stream-name", "clicks", "--target-shard-count", "4", "--scaling-type", "UNIFORM_SCALING");
        await KinesisAsync(server, "merge-shards", "--stream-name", "clicks", "--shard-to-merge", "shardId-000000000002", "--adjacent-shard-to-merge", "shardId-000000000003");
        JsonElement shards = (await JsonAsync(server, "list-shards", "--stream-name", "clicks")).GetProperty("Shards");
        Assert.Equal(7, shards.GetArrayLength());
        Assert.Equal("shardId-000000000003", shards[6].GetProperty("AdjacentParentShardId").GetString());
        JsonElement ended = await JsonAsync(server, "get-records", "--shard-iterator", read.GetProperty("NextShardIterator").GetString()!);
        Assert.Equal(2, ended.GetProperty("ChildShards").GetArrayLength());

        string arn = server.Streams.Get("clicks").Arn;
        await KinesisAsync(server, "register-stream-consumer", "--stream-arn", arn, "--consumer-name", "fan");
        Assert.Equal(1, (await JsonAsync(server, "list-stream-consumers", "--stream-arn", arn)).GetProperty("Consumers").GetArrayLength());

        await KinesisAsync(server, "delete-stream", "--stream-name", "clicks", "--enforce-consumer-deletion");
        await KinesisAsync(server, "wait", "stream-not-exists", "--stream-name", "clicks");
        (int exitCode, _, string errors) = await TryAsync(server, "describe-stream", "--stream-name", "clicks");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("(ResourceNotFoundException)", errors, StringComparison.Ordinal);
        Assert.Contains("Stream clicks under account 000000000000 not found.", errors, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Texts(JsonElement read) =>
        read.GetProperty("Records").EnumerateArray().Select(record => Encoding.UTF8.GetString(record.GetProperty("Data").GetBytesFromBase64()));

    private static async Task<JsonElement> JsonAsync(KinesisServer server, params string[] arguments) =>
        JsonSerializer.Deserialize<JsonElement>(await KinesisAsync(server, arguments));

    private static Task<string> KinesisAsync(KinesisServer server, params string[] arguments) =>
        ClientProcess.RunAsync(Aws, [.. Prefix(server), .. arguments]);

    private static Task<(int ExitCode, string Output, string Errors)> TryAsync(KinesisServer server, params string[] arguments) =>
        ClientProcess.TryAsync(Aws, [.. Prefix(server), .. arguments]);

    private static string[] Prefix(KinesisServer server) => ["--endpoint-url", server.Url, "--output", "json", "kinesis"];
}
