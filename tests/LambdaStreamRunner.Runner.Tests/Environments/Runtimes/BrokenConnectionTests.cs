using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Environments;
using LambdaStreamRunner.Runner.Environments.Runtimes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Runtimes;

/// <summary>Our runtimes over connections that are cut, or bring a response in pieces.</summary>
public sealed class BrokenConnectionTests : IDisposable
{
    private const string Next = "GET /2018-06-01/runtime/invocation/next";
    private const string Accepted = "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);

    [Theory]
    [InlineData("/usr/bin/node", "nodejs20.x", "index.js", "exports.handler = async event => event.n;")]
    [InlineData("/usr/bin/python3", "python3.11", "index.py", "def handler(event, context): return event['n']\n")]
    public async Task What_was_not_answered_is_said_again_and_what_was_is_not(string program, string runtime, string file, string text)
    {
        RuntimeProcess.Require(program);
        using var code = new CodeFolder((file, text));
        FunctionConfiguration function = code.Function(runtime, "index.handler");
        EnvironmentPlan plan = await EnvironmentPlans.OfAsync(function, new FunctionBuild(), TestContext.Current.CancellationToken);
        _server.Start();
        using Process process = RuntimeProcess.Start(function, plan, $"{_server.LocalEndpoint}");

        using (Socket idle = await AcceptAsync())
            Assert.Equal([Next], await RequestsAsync(idle, 1));
        using (Socket halfway = await AcceptAsync())
        {
            Assert.Equal([Next], await RequestsAsync(halfway, 1));
            halfway.Send(Invocation(1).AsSpan(0, 30));
        }
        using (Socket slow = await AcceptAsync())
        {
            Assert.Equal([Next], await RequestsAsync(slow, 1));
            foreach (byte one in Invocation(1))
                slow.Send([one]);
            Assert.Equal([Answer(1), Next], await RequestsAsync(slow, 2));
            slow.Send(Encoding.ASCII.GetBytes(Accepted));
        }
        using (Socket cut = await AcceptAsync())
        {
            Assert.Equal([Next], await RequestsAsync(cut, 1)); // the answer counts already
            cut.Send(Invocation(2));
            Assert.Equal([Answer(2), Next], await RequestsAsync(cut, 2));
        }
        using (Socket last = await AcceptAsync())
        {
            Assert.Equal([Answer(2), Next], await RequestsAsync(last, 2));
            _server.Stop();
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);                    // nobody is there any more
    }

    public void Dispose() => _server.Dispose();

    private static string Answer(int number) => $"POST /2018-06-01/runtime/invocation/request-{number}/response {number}";

    private static byte[] Invocation(int number)
    {
        string eventJson = $$"""{"n":{{number}}}""";
        return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Length: {eventJson.Length}\r\nLambda-Runtime-Aws-Request-Id: request-{number}\r\nLambda-Runtime-Deadline-Ms: 4102444800000\r\n\r\n{eventJson}");
    }

    private async Task<Socket> AcceptAsync()
    {
        Socket accepted = await _server.AcceptSocketAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        accepted.NoDelay = true;
        return accepted;
    }

    /// <summary>That many requests: method and path, and the body if there is one.</summary>
    private static async Task<string[]> RequestsAsync(Socket connection, int count)
    {
        var received = new StringBuilder();
        byte[] room = new byte[4_096];
        while (true)
        {
            string all = received.ToString();
            if (all.Split(" HTTP/1.1\r\n").Length > count && all.EndsWith("\r\n\r\n", StringComparison.Ordinal))
                return Told(all);
            int length = await connection.ReceiveAsync(room, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.True(length > 0, $"The runtime hung up after: {received}");
            received.Append(Encoding.ASCII.GetString(room, 0, length));
        }
    }

    /// <summary>The last of the requests is one without a body.</summary>
    private static string[] Told(string received)
    {
        int end = received.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        string first = received[..received.IndexOf(" HTTP/1.1", StringComparison.Ordinal)];
        if (end == received.Length)
            return [first];
        int next = received.IndexOf("GET ", end, StringComparison.Ordinal);
        return [$"{first} {received[end..next]}", received[next..received.IndexOf(" HTTP/1.1", next, StringComparison.Ordinal)]];
    }
}
