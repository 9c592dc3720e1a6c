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

    [LoggerMessage(EventId = 4003, Level = LogLevel.Warning, Message = "Refused {What} of the page at '{Origin}': a page of another origin may only read.")]
    public static partial void PageRefused(this ILogger logger, string origin, string what);

    [LoggerMessage(EventId = 4201, Level = LogLevel.Information, Message = "{Stream}: ON_DEMAND, {Split} shards were used by half and are split.")]
    public static partial void StreamScaled(this ILogger logger, string stream, int split);

    [LoggerMessage(EventId = 4202, Level = LogLevel.Warning, Message = "{Stream}: ON_DEMAND, splitting shards failed.")]
    public static partial void ScalingFailed(this ILogger logger, string stream, Exception failure);

    [LoggerMessage(EventId = 4101, Level = LogLevel.Error, Message = "Writing to '{Folder}' failed: {Reason} Puts are refused until it works again; reads go on.")]
    public static partial void StorageFailed(this ILogger logger, string folder, string reason);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Information, Message = "'{Folder}' can be written again.")]
    public static partial void StorageRevived(this ILogger logger, string folder);

    [LoggerMessage(EventId = 4104, Level = LogLevel.Warning, Message = "Records past retention could not be taken off the disk: {Reason}")]
    public static partial void SweepFailed(this ILogger logger, string reason);

    [LoggerMessage(EventId = 4103, Level = LogLevel.Warning,
        Message = "'{Folder}': the end of the log was torn and is cut ({Cut}). Nothing that was acknowledged is lost unless the power failed without --fsync.")]
    public static partial void TornTailCut(this ILogger logger, string folder, string cut);
}
