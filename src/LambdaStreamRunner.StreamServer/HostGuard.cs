using System.Net;
using LambdaStreamRunner.StreamServer.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.StreamServer;

/// <summary>Refuses requests that a page on another site makes a browser send here, directly or through a name that points here.</summary>
/// <remarks>
/// Whatever listens on loopback is open to every page a developer visits (cross-site requests, DNS rebinding). A request
/// passes only when its Host, and its Origin if it has one, is loopback or allowed by name; and when the page with that
/// Origin is none of this server's own, it may only read (<see cref="ForeignPage"/>).
/// </remarks>
internal sealed class HostGuard(IEnumerable<string> allowedHosts, ILogger logger)
{
    private readonly HashSet<string> _allowed = new(allowedHosts, StringComparer.OrdinalIgnoreCase);
    private volatile string? _lastAllowedHost;                // with its port, as it came: clients hardly ever change it

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        HttpRequest request = context.Request;
        if (!IsAllowed(request.Host))
            return RefuseHostAsync(context, Refused($"The host {request.Host} is not allowed: use localhost, or start with --allow-host NAME."));
        string origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
            return next(context);
        if (!IsAllowedOrigin(origin))
            return RefuseHostAsync(context, Refused($"The origin {origin} is not allowed: use a page on localhost, or start with --allow-host NAME."));
        if (!Changes(request) || !ForeignPage.Sent(request))
            return next(context);
        logger.PageRefused(origin, request.Method);
        return RefuseAsync(context, ForeignPage.Refused(request, request.Method));
    }

    /// <summary>Whatever may change something; of Kinesis' calls the service itself knows which do.</summary>
    private static bool Changes(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method)
        && !(HttpMethods.IsPost(request.Method) && request.Headers.ContainsKey("X-Amz-Target"));

    private static KinesisException Refused(string message) => new("AccessDeniedException", message, StatusCodes.Status403Forbidden);

    // In AWS's shape: what is refused here is mostly an SDK with an unusual endpoint, which shows its user the text.
    private static Task RefuseAsync(HttpContext context, KinesisException error) => KinesisAnswer.WriteErrorAsync(context, error, PayloadFormat.Json);

    private Task RefuseHostAsync(HttpContext context, KinesisException error)
    {
        logger.HostRefused(context.Request.Host.Value ?? "", context.Request.Headers.Origin.ToString());
        return RefuseAsync(context, error);
    }

    private bool IsAllowed(HostString host)
    {
        if (host.Value is { } written && written == _lastAllowedHost)
            return true;
        if (!IsAllowed(host.Host))
            return false;
        _lastAllowedHost = host.Value;
        return true;
    }

    private bool IsAllowedOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && IsAllowed(uri.Host);

    private bool IsAllowed(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || _allowed.Contains(host)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
