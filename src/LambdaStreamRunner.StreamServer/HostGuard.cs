using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.StreamServer;

/// <summary>Refuses requests that a page on another site makes a browser send here, directly or through a name that points here.</summary>
/// <remarks>
/// Whatever listens on loopback is open to every page a developer visits (cross-site requests, DNS rebinding). A request
/// passes only when its Host, and its Origin if it has one, is loopback or allowed by name.
/// </remarks>
internal sealed class HostGuard(IEnumerable<string> allowedHosts, ILogger logger)
{
    private readonly HashSet<string> _allowed = new(allowedHosts, StringComparer.OrdinalIgnoreCase);
    private volatile string? _lastAllowedHost;                // with its port, as it came: clients hardly ever change it

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        string origin = context.Request.Headers.Origin.ToString();
        if (IsAllowed(context.Request.Host) && (origin.Length == 0 || IsAllowedOrigin(origin)))
            return next(context);

        logger.HostRefused(context.Request.Host.Value ?? "", origin);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("This host or origin is not allowed. Use localhost, or start with --allow-host NAME.\n", context.RequestAborted);
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
