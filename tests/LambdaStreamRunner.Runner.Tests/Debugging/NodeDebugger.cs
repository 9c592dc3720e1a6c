using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;

namespace LambdaStreamRunner.Runner.Tests.Debugging;

/// <summary>As much of a JavaScript debugger as it takes to let a program go on.</summary>
internal sealed class NodeDebugger : IDisposable
{
    private readonly ClientWebSocket _socket = new();

    /// <summary>A port that nobody has now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Attaches as soon as there is something to attach to.</summary>
    public static async Task<NodeDebugger> AttachAsync(int port)
    {
        var debugger = new NodeDebugger();
        JsonElement target = await TargetAsync(port);
        await debugger._socket.ConnectAsync(new Uri(target.GetProperty("webSocketDebuggerUrl").GetString()!), TestContext.Current.CancellationToken);
        return debugger;
    }

    /// <summary>Lets a program run that waits on its first line.</summary>
    public async Task ContinueAsync()
    {
        await _socket.SendAsync("""{"id":1,"method":"Runtime.runIfWaitingForDebugger"}"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        await _socket.ReceiveAsync(new byte[4096], TestContext.Current.CancellationToken);
    }

    public void Dispose() => _socket.Dispose();

    private static async Task<JsonElement> TargetAsync(int port)
    {
        using var http = new HttpClient();
        while (true)
        {
            try
            {
                JsonElement targets = await http.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{port}/json/list", TestContext.Current.CancellationToken);
                return targets.EnumerateArray().Single();
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);   // node is still starting
            }
        }
    }
}
