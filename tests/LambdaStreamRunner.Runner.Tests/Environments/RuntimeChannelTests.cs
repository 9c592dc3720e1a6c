using System.Net;
using System.Net.Sockets;
using System.Text;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Environments;
using LambdaStreamRunner.Runner.Environments.RuntimeApi;

namespace LambdaStreamRunner.Runner.Tests.Environments;

/// <summary>Who gets an event: a runtime that asks for it, and is still there.</summary>
public sealed class RuntimeChannelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task What_has_hung_up_while_it_waited_is_given_nothing_and_the_next_call_gets_it()
    {
        var runtime = new RuntimeChannel();
        bool hasHungUp = false;
        Task<RuntimeInvocation> first = runtime.NextAsync(() => hasHungUp, CancellationToken.None);
        RuntimeInvocation invocation = Invocation();

        hasHungUp = true;
        runtime.Offer(invocation);
        Assert.False(first.IsCompleted);

        Assert.Same(invocation, await runtime.NextAsync(() => false, CancellationToken.None).WaitAsync(Patience, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<TaskCanceledException>(() => first);
    }

    // An idle process that is killed has closed its connections before anybody hears of it: what it was handed in between would have cost an attempt.
    // A busy system closes the other end a little later now and then.
    [Fact]
    public async Task A_connection_that_was_closed_before_the_event_came_has_hardly_ever_begun_with_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems do not tell that a connection was closed.");
        await using RuntimeApiServer server = await RuntimeApiServer.StartAsync(TestContext.Current.CancellationToken);
        const int Connections = 100;
        int begun = 0;
        for (int i = 0; i < Connections; i++)
        {
            var runtime = new RuntimeChannel();
            using RuntimeApiPort port = server.Open(runtime);
            using (await AskAsync(port))
                await runtime.Initialized.WaitAsync(Patience, TestContext.Current.CancellationToken);

            RuntimeInvocation invocation = Invocation();
            runtime.Offer(invocation);
            begun += invocation.HasBegun ? 1 : 0;
        }

        Assert.InRange(begun, 0, Connections / 2);
    }

    private static async Task<Socket> AskAsync(RuntimeApiPort port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse(port.Address), TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.UTF8.GetBytes($"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: {port.Address}\r\n\r\n"), TestContext.Current.CancellationToken);
        return socket;
    }

    private static RuntimeInvocation Invocation() => new(
        "{}"u8.ToArray(), new FunctionInvocation(Guid.NewGuid(), "arn:aws:lambda:us-east-1:000000000000:function:Odd"), DateTimeOffset.UtcNow + Patience);
}
