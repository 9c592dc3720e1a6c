using System.Net.Sockets;

namespace LambdaStreamRunner.Runner.Environments.RuntimeApi;

/// <summary>Looks at a connection itself, ahead of the server: that hears of its end when its threads come to it.</summary>
internal static class ConnectionState
{
    // tcp(7): the first byte of TCP_INFO is the state of the connection.
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const byte Closed = 7;                            // reset by the other side
    private const byte CloseWait = 8;                         // closed by the other side

    /// <summary>True when the other side has closed the connection, as the kernel does for a process that ends. False where the system does not tell: it is Linux that does.</summary>
    public static bool HasEnded(Socket? socket)
    {
        if (socket is null || !OperatingSystem.IsLinux())
            return false;
        Span<byte> state = stackalloc byte[1];
        try
        {
            return socket.GetRawSocketOption(TcpLevel, TcpInfo, state) == state.Length && state[0] is (Closed or CloseWait);
        }
        catch (ObjectDisposedException)
        {
            return true;                                      // the server has heard of it just now
        }
        catch (SocketException)
        {
            return false;                                     // an imitation of Linux that has no such option
        }
    }
}
