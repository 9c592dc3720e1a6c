using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LambdaStreamRunner.StreamServer.Listening;

/// <summary>What one client may cost: slow and silent connections are cut, and there is an end to their number.</summary>
internal static class ConnectionLimits
{
    /// <summary>Connections at the same time; further ones are closed at once.</summary>
    public const int ConnectionsMax = 10_000;

    /// <summary>Requests at the same time on one HTTP/2 connection: a consumer subscribes to every shard over one connection.</summary>
    public const int StreamsPerConnectionMax = 1000;

    /// <summary>All headers of a request, in bytes; AWS's credentials with a session token take up to 4 KiB.</summary>
    public const int HeadersBytesMax = 32 * 1024;

    /// <summary>Slowest body that is waited for, in bytes per second, once <see cref="SlowRequestGrace"/> is over.</summary>
    public const double RequestBytesPerSecondMin = 240;

    /// <summary>Slowest reader of an answer, in bytes per second, once the grace is over.</summary>
    public const double ResponseBytesPerSecondMin = 240;

    /// <summary>How long a body may come in slower than allowed.</summary>
    public static readonly TimeSpan SlowRequestGrace = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer may be read slower than allowed.</summary>
    public static readonly TimeSpan SlowResponseGrace = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The same over HTTP/2, where a consumer of SubscribeToShard holds the stream back as long as it likes, and cutting it
    /// would cut every other subscription on the connection: the length of a subscription.
    /// </summary>
    public static readonly TimeSpan SlowStreamGrace = TimeSpan.FromMinutes(5);

    /// <summary>From the first byte of a request to the last byte of its headers.</summary>
    public static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection may be idle between two requests. AWS's SDKs keep theirs for 60 s at most.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(130);

    /// <summary>HTTP/2 connections on which nothing was heard for so long are asked for a sign of life.</summary>
    public static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(60);

    /// <summary>How long the sign of life may take.</summary>
    public static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(20);

    public static void Apply(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = ConnectionsMax;
        limits.MaxRequestHeadersTotalSize = HeadersBytesMax;
        limits.MinRequestBodyDataRate = new MinDataRate(RequestBytesPerSecondMin, SlowRequestGrace);
        limits.MinResponseDataRate = new MinDataRate(ResponseBytesPerSecondMin, SlowResponseGrace);
        limits.RequestHeadersTimeout = HeadersTimeout;
        limits.KeepAliveTimeout = IdleTimeout;
    }

    /// <summary>The limits of a server, for its second half that speaks HTTP/2.</summary>
    public static void ApplyToStreams(KestrelServerLimits limits, KestrelServerLimits visible)
    {
        limits.MaxRequestBodySize = visible.MaxRequestBodySize;
        limits.MaxRequestBufferSize = visible.MaxRequestBufferSize;
        limits.MaxRequestHeaderCount = visible.MaxRequestHeaderCount;
        limits.MaxRequestHeadersTotalSize = visible.MaxRequestHeadersTotalSize;
        limits.MaxRequestLineSize = visible.MaxRequestLineSize;
        limits.MaxResponseBufferSize = visible.MaxResponseBufferSize;
        limits.MinRequestBodyDataRate = visible.MinRequestBodyDataRate;
        limits.MinResponseDataRate = new MinDataRate(ResponseBytesPerSecondMin, SlowStreamGrace);
        limits.RequestHeadersTimeout = visible.RequestHeadersTimeout;
        limits.KeepAliveTimeout = visible.KeepAliveTimeout;
        limits.Http2.MaxStreamsPerConnection = StreamsPerConnectionMax;
        limits.Http2.KeepAlivePingDelay = PingDelay;
        limits.Http2.KeepAlivePingTimeout = PingTimeout;
    }
}
