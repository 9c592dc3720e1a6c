using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace LambdaStreamRunner.StreamServer.Listening;

/// <summary>Looks at the first bytes of every connection and brings it to the server that speaks its protocol.</summary>
/// <remarks>
/// Kestrel itself serves HTTP/1.1 only on a cleartext port, because there is no ALPN to agree on more. Java's and
/// JavaScript's Kinesis clients begin with HTTP/2 and know nothing else.
/// </remarks>
internal sealed class ProtocolSorter(TimeProvider time)
{
    /// <summary>Longest time until a connection has said which protocol it speaks.</summary>
    public static readonly TimeSpan FirstBytesTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Takes connections that began with the HTTP/2 preface.</summary>
    public HandoverListener Http2 { get; } = new("http2");

    /// <summary>Takes connections that began with a TLS handshake; null leaves them to the port's own pipeline.</summary>
    public HandoverListener? Tls { get; init; }

    /// <param name="connection">Nothing has been read from it.</param>
    /// <param name="next">Speaks HTTP/1.1, and TLS if the port is one for it.</param>
    public async Task SortAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Dialect dialect = await ListenAsync(connection);
        Task served = dialect switch
        {
            Dialect.Http2 => Http2.HandOverAsync(connection),
            Dialect.Tls when Tls is not null => Tls.HandOverAsync(connection),
            Dialect.Undecided => Task.CompletedTask,          // gone, or never began
            _ => next(connection),
        };
        await served;
    }

    private async Task<Dialect> ListenAsync(ConnectionContext connection)
    {
        using var timeout = new CancellationTokenSource(FirstBytesTimeout, time);
        PipeReader input = connection.Transport.Input;
        try
        {
            while (true)
            {
                ReadResult read = await input.ReadAsync(timeout.Token);
                Dialect dialect = FirstBytes.Judge(read.Buffer);
                if (dialect is Dialect.Undecided && read.IsCompleted)
                    dialect = read.Buffer.IsEmpty ? Dialect.Undecided : Dialect.Http1;
                else if (dialect is Dialect.Undecided)
                {
                    input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    continue;
                }
                input.AdvanceTo(read.Buffer.Start);           // seen, but left for the one who speaks it
                return dialect;
            }
        }
        catch (OperationCanceledException silence) when (timeout.IsCancellationRequested)
        {
            connection.Abort(new ConnectionAbortedException($"No request began within {FirstBytesTimeout.TotalSeconds:0} s.", silence));
            return Dialect.Undecided;
        }
        catch (Exception gone) when (gone is IOException or ConnectionAbortedException)
        {
            return Dialect.Undecided;                         // the client hung up before it said a word
        }
    }
}
