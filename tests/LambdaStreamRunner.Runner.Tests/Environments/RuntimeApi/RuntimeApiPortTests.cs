using System.Globalization;
using System.Net.Sockets;
using System.Text;
using LambdaStreamRunner.Runner.Environments;
using LambdaStreamRunner.Runner.Environments.RuntimeApi;
using LambdaStreamRunner.Runner.Tests.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.RuntimeApi;

/// <summary>A runtime that leaves its connections open uses up its own files, not those of the runner.</summary>
public sealed class RuntimeApiPortTests
{
    [Fact]
    public async Task One_connection_too_many_is_closed_and_those_before_go_on()
    {
        await using RuntimeApiServer server = await RuntimeApiServer.StartAsync(Patience.Token);
        using RuntimeApiPort port = server.Open(new RuntimeChannel());
        List<TcpClient> open = [];
        for (int count = 0; count < RuntimeApiPort.ConnectionsMax; count++)
            open.Add(await ConnectAsync(port));
        Assert.StartsWith("HTTP/1.1 404", await AnswerAsync(open[^1], port), StringComparison.Ordinal);

        using (TcpClient tooMany = await ConnectAsync(port))
            Assert.Equal("", await AnswerAsync(tooMany, port));

        Assert.StartsWith("HTTP/1.1 404", await AnswerAsync(open[0], port), StringComparison.Ordinal);
        open.ForEach(client => client.Dispose());
        Assert.StartsWith("HTTP/1.1 404", await AnswerOfNextAsync(port), StringComparison.Ordinal);
    }

    /// <summary>Connections that were closed make room as soon as the server has seen their end.</summary>
    private static async Task<string> AnswerOfNextAsync(RuntimeApiPort port)
    {
        while (true)
        {
            using TcpClient client = await ConnectAsync(port);
            if (await AnswerAsync(client, port) is { Length: > 0 } answer)
                return answer;
        }
    }

    private static async Task<TcpClient> ConnectAsync(RuntimeApiPort port)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", int.Parse(port.Address.Split(':')[1], CultureInfo.InvariantCulture), Patience.Token);
        return client;
    }

    /// <summary>The beginning of the answer to a call that there is not; empty when the connection is closed.</summary>
    private static async Task<string> AnswerAsync(TcpClient client, RuntimeApiPort port)
    {
        try
        {
            NetworkStream connection = client.GetStream();
            await connection.WriteAsync(Encoding.ASCII.GetBytes($"GET /nonsense HTTP/1.1\r\nHost: {port.Address}\r\n\r\n"), Patience.Token);
            var bytes = new byte[1024];
            return Encoding.ASCII.GetString(bytes, 0, await connection.ReadAsync(bytes, Patience.Token));
        }
        catch (IOException)
        {
            return "";                                        // closed with what had just been sent
        }
    }
}
