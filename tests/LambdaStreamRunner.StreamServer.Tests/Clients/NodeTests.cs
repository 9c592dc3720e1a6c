using System.Reflection;
using LambdaStreamRunner.StreamServer.Tests.Subscriptions;

namespace LambdaStreamRunner.StreamServer.Tests.Clients;

/// <summary>@aws-sdk/client-kinesis with its default handler, which speaks HTTP/2 without asking.</summary>
public class NodeTests
{
    private const string Node = "/usr/bin/node";

    private static readonly string Folder = typeof(NodeTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "NodeClients").Value!;

    public NodeTests()
    {
        ClientProcess.Require(Node, "nodejs");
        ClientProcess.RequireFile(Path.Combine(Folder, "node_modules", "@aws-sdk", "client-kinesis", "package.json"), $"npm ci in {Folder}");
    }

    [Fact]
    public async Task A_script_creates_puts_reads_reshards_and_deletes_over_http2()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        Assert.Equal("ok", (await ClientProcess.RunAsync(Node, Path.Combine(Folder, "kinesis.mjs"), server.Url)).Trim());

        Assert.Equal(["HTTP/2"], server.Protocols);
    }

    [Fact]
    public async Task A_script_subscribes_to_a_shard_over_http2_until_it_ends()
    {
        await using SubscribedServer server = await SubscribedServer.StartAsync();
        server.Put("one", "two");

        Assert.Equal("ok", (await ClientProcess.RunAsync(Node, Path.Combine(Folder, "subscribe.mjs"), server.Kinesis.Url, server.ConsumerArn)).Trim());

        Assert.Equal(["HTTP/2"], server.Kinesis.Protocols);
    }
}
