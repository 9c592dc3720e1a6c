using LambdaStreamRunner.StreamServer.Actions;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>What a page in a browser may ask of a server that it does not come from: it may read, and change nothing.</summary>
/// <remarks>
/// Kinesis itself answers every page as it asks (reference 1.3), because nobody can call it without a key. Here any key is
/// good: so a page of another origin, be it on loopback, may describe, list and get. Programs send no Origin and may do
/// everything; so may this server's own pages.
/// </remarks>
internal static class ForeignPage
{
    /// <summary>True when a page of another origin has sent the request.</summary>
    public static bool Sent(HttpRequest request) =>
        request.Headers.Origin.Count > 0
        && !string.Equals(request.Headers.Origin.ToString(), $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);

    /// <summary>True when an action changes nothing. SubscribeToShard does: it takes the place of another subscription.</summary>
    public static bool MayCall(KinesisAction action) =>
        action.Name.StartsWith("Describe", StringComparison.Ordinal)
        || action.Name.StartsWith("List", StringComparison.Ordinal)
        || action.Name.StartsWith("Get", StringComparison.Ordinal);

    /// <summary>The answer to a page that wants to change something.</summary>
    public static KinesisException Refused(HttpRequest request, string what) => new(
        "AccessDeniedException",
        $"The page at {request.Headers.Origin} comes from another origin and may only read: {what} is refused. Send it from a program, or from a page of this server.",
        StatusCodes.Status403Forbidden);
}
