using System.Buffers;

namespace LambdaStreamRunner.StreamServer.Listening;

/// <summary>What the first bytes of a connection say about the rest.</summary>
internal enum Dialect
{
    /// <summary>Too few bytes to tell.</summary>
    Undecided,

    /// <summary>HTTP/1.1, or nothing that we know: the HTTP/1.1 parser finds the words for it.</summary>
    Http1,

    /// <summary>HTTP/2 with prior knowledge.</summary>
    Http2,

    /// <summary>TLS; what is inside is agreed on in the handshake (ALPN).</summary>
    Tls,
}

/// <summary>Tells the protocols that may come in on one port from each other.</summary>
internal static class FirstBytes
{
    private const byte TlsHandshake = 0x16;

    /// <summary>What every HTTP/2 client sends first (RFC 9113, 3.4). No HTTP/1.1 request begins like this.</summary>
    public static ReadOnlySpan<byte> Http2Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Looks at what has come in so far; consumes nothing.</summary>
    public static Dialect Judge(ReadOnlySequence<byte> received)
    {
        if (received.IsEmpty)
            return Dialect.Undecided;
        if (received.FirstSpan[0] == TlsHandshake)
            return Dialect.Tls;

        Span<byte> start = stackalloc byte[(int)Math.Min(received.Length, Http2Preface.Length)];
        received.Slice(0, start.Length).CopyTo(start);
        if (!Http2Preface.StartsWith(start))
            return Dialect.Http1;
        return start.Length == Http2Preface.Length ? Dialect.Http2 : Dialect.Undecided;
    }
}
