using LambdaStreamRunner.StreamServer.Subscriptions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>Puts answers on the wire: status, headers, body of known length.</summary>
internal static class KinesisAnswer
{
    /// <summary>The content type of requests and answers in JSON.</summary>
    public const string Json = "application/x-amz-json-1.1";

    /// <summary>The content type of requests and answers in CBOR.</summary>
    public const string Cbor = "application/x-amz-cbor-1.1";

    /// <summary>The headers that every answer has (Kinesis reference 1.3).</summary>
    public static void WriteCommonHeaders(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers["x-amzn-RequestId"] = RequestIds.NewRequestId();
        bool preflight = HttpMethods.IsOptions(context.Request.Method) && context.Request.Headers.Origin.Count > 0;
        if (!preflight)
            headers["x-amz-id-2"] = RequestIds.NewExtendedId();
        if (context.Request.Headers.Origin.Count == 0)
            return;

        headers.AccessControlAllowOrigin = "*";
        if (!preflight)
            headers.AccessControlExposeHeaders = "x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date";
    }

    /// <summary>200 for a request of a browser that asks what it may send.</summary>
    public static Task WritePreflightAsync(HttpContext context)
    {
        IHeaderDictionary asked = context.Request.Headers;
        IHeaderDictionary headers = context.Response.Headers;
        if (asked.AccessControlRequestHeaders.Count > 0)
            headers.AccessControlAllowHeaders = asked.AccessControlRequestHeaders;
        if (asked.AccessControlRequestMethod.Count > 0)
            headers.AccessControlAllowMethods = asked.AccessControlRequestMethod;
        headers.AccessControlMaxAge = "172800";
        return WriteAsync(context, 200, null, default);
    }

    /// <summary>What an action answered; it has made JSON.</summary>
    public static async Task WriteAsync(HttpContext context, PooledWriter json, PayloadFormat format)
    {
        using var room = new PooledWriter();
        await WriteAsync(context, StatusCodes.Status200OK, format.ContentType(), format.Encode(json.Written, room));
    }

    /// <summary>An error, in the format of the request.</summary>
    public static async Task WriteErrorAsync(HttpContext context, KinesisException error, PayloadFormat format)
    {
        using var json = new PooledWriter();
        error.WriteJson(json);
        using var room = new PooledWriter();
        await WriteAsync(context, error.StatusCode, format.ContentType(), format.Encode(json.Written, room));
    }

    /// <summary>Events, as long as there are any. Who reads them slowly holds them back, and is not cut for it.</summary>
    public static async Task WriteEventsAsync(HttpContext context, ShardSubscription subscription, PayloadFormat format)
    {
        context.Response.ContentType = EventStreamWriter.ContentType;
        IHttpMinResponseDataRateFeature? rate = context.Features.Get<IHttpMinResponseDataRateFeature>();
        MinDataRate? usual = rate?.MinDataRate;
        if (rate is not null)
            rate.MinDataRate = null;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        await subscription.SendAsync(context.Response.BodyWriter, format, gone.Token);
        if (rate is not null)
            rate.MinDataRate = usual;                         // nobody takes for ever over the end
    }

    /// <summary>The errors of the layer before the service, which speaks XML.</summary>
    public static Task WriteXmlAsync(HttpContext context, int status, string xml) =>
        WriteAsync(context, status, null, System.Text.Encoding.UTF8.GetBytes(xml));

    public static Task WriteAsync(HttpContext context, int status, string? contentType, ReadOnlyMemory<byte> body)
    {
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        return body.IsEmpty ? Task.CompletedTask : response.BodyWriter.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
