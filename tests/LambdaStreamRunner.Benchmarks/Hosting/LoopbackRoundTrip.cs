using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LambdaStreamRunner.Benchmarks.Hosting;

/// <summary>What the machine takes for a byte over loopback and back, between two threads: nothing over HTTP can be faster.</summary>
internal static class LoopbackRoundTrip
{
    /// <summary>Microseconds for one.</summary>
    public static double Measure(int count)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        using Socket server = listener.AcceptSocket();
        server.NoDelay = true;
        var echo = new Thread(() => Echo(server));
        echo.Start();
        byte[] one = new byte[1];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            client.Send(one);
            client.Receive(one);
        }
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        client.Shutdown(SocketShutdown.Both);
        echo.Join();
        return took.TotalMicroseconds / count;
    }

    private static void Echo(Socket server)
    {
        byte[] one = new byte[1];
        while (server.Receive(one) > 0)
            server.Send(one);
    }
}
