using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.StreamServer;

/// <summary>What the stream server logs; its ids are 4xxx.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Error, Message = "{Action} failed; the client was told InternalFailure.")]
    public static partial void ActionFailed(this ILogger logger, string action, Exception fault);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning,
        Message = "Refused a request for host '{Host}' from origin '{Origin}': neither loopback nor allowed (--allow-host).")]
    public static partial void HostRefused(this ILogger logger, string host, string origin);
}
