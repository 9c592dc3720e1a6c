using System.Net.Sockets;

namespace LambdaStreamRunner.Runner.Environments.RuntimeApi;

/// <summary>Looks at a connection itself, ahead of the server: that hears of its end when its threads come to it.</summary>
internal static class ConnectionState
{
    // getsockopt(2) and tcp(7): the first byte of tcp_info is the state of the connection.
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const byte Established = 1;

    /// <summary>True when the other side has closed the connection, as the kernel does for a process that ends. False where a system does not tell: it is Linux that does.</summary>
    public static bool HasEnded(Socket? socket)
    {
        if (socket is null || !OperatingSystem.IsLinux())
            return false;
        Span<byte> state = stackalloc byte[1];
        try
        {
            return socket.GetRawSocketOption(TcpLevel, TcpInfo, state) == state.Length && state[0] != Established;
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            return true;                                      // by the server
        }
    }
}
