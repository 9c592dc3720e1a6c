using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Invoking;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.Environments.RuntimeApi;

/// <summary>One call of the Runtime API, from its path to its answer.</summary>
internal static class RuntimeApiCall
{
    private const string Root = "/2018-06-01/runtime/";
    private const string Invocations = "invocation/";

    private static ReadOnlySpan<byte> Accepted => "{\"status\":\"OK\"}\n"u8;

    /// <summary>Answers a call; whatever is wrong with it is an answer as well.</summary>
    public static async Task AnswerAsync(HttpContext context)
    {
        RuntimeApiPort port = context.Features.Get<RuntimeApiPort>()!;
        try
        {
            if (!IsForUs(context.Request.Host))
                throw new RuntimeCallException(403, "InvalidHost", $"This is the Runtime API at {port.Address}; the request is for '{context.Request.Host.Value}'. Send as Host what AWS_LAMBDA_RUNTIME_API names.");
            await AnswerAsync(context, port.Runtime);
        }
        catch (RuntimeCallException wrong)
        {
            await RefuseAsync(context, wrong);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or ConnectionAbortedException or BadHttpRequestException)
        {
            context.Abort();                                  // the process has ended, or was ended
        }
    }

    // A page whose name was made to point at this machine sends that name. Runtimes of few lines send none, or no port.
    private static bool IsForUs(HostString host) =>
        !host.HasValue || host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static Task AnswerAsync(HttpContext context, IRuntimeCalls runtime)
    {
        string path = context.Request.Path.Value!;
        if (!path.StartsWith(Root, StringComparison.Ordinal))
            throw NotServed(path);
        ReadOnlySpan<char> call = path.AsSpan(Root.Length);
        if (HttpMethods.IsGet(context.Request.Method) && call is "invocation/next")
            return NextAsync(context, runtime);
        if (HttpMethods.IsPost(context.Request.Method) && call is "init/error")
            return FailInitAsync(context, runtime);
        if (HttpMethods.IsPost(context.Request.Method) && call.StartsWith(Invocations))
        {
            ReadOnlySpan<char> rest = call[Invocations.Length..];
            int slash = rest.IndexOf('/');
            if (slash > 0 && rest[(slash + 1)..] is "response")
                return RespondAsync(context, runtime, rest[..slash].ToString());
            if (slash > 0 && rest[(slash + 1)..] is "error")
                return FailAsync(context, runtime, rest[..slash].ToString());
        }
        throw NotServed(path);
    }

    private static async Task NextAsync(HttpContext context, IRuntimeCalls runtime)
    {
        HttpResponse response = context.Response;
        Socket? socket = context.Features.Get<IConnectionSocketFeature>()?.Socket;
        bool HasHungUp() => ConnectionState.HasEnded(socket);
        while (true)
        {
            RuntimeInvocation invocation = await runtime.NextAsync(HasHungUp, context.RequestAborted);
            bool isDelivered = await invocation.DeliverAsync(async eventJson =>
            {
                response.ContentType = "application/json";
                response.ContentLength = eventJson.Length;
                response.Headers["Lambda-Runtime-Aws-Request-Id"] = invocation.RequestId;
                response.Headers["Lambda-Runtime-Deadline-Ms"] = invocation.Deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
                response.Headers["Lambda-Runtime-Invoked-Function-Arn"] = invocation.InvokedFunctionArn;
                response.Headers["Lambda-Runtime-Trace-Id"] = invocation.TraceId;
                await response.BodyWriter.WriteAsync(eventJson);
            });
            if (isDelivered)
                return;
        }
    }

    private static async Task RespondAsync(HttpContext context, IRuntimeCalls runtime, string requestId)
    {
        if (context.Request.Headers["Lambda-Runtime-Function-Response-Mode"].ToString().Equals("streaming", StringComparison.OrdinalIgnoreCase))
        {
            const string Streaming = "Streamed responses are not available: an event source mapping invokes with buffered ones. Return the answer as a whole.";
            runtime.Respond(requestId, new FunctionResult.Failed(new FunctionError("Runtime.StreamingNotAvailable", Streaming, [])));
            throw new RuntimeCallException(400, "StreamingNotAvailable", Streaming);
        }
        if (await RequestBody.ReadAsync(context.Request, context.RequestAborted) is not { } answer)
        {
            string tooLarge = $"The answer is larger than {RequestBody.AnswerBytesMax} bytes, the limit of a synchronous invocation.";
            runtime.Respond(requestId, new FunctionResult.Failed(new FunctionError("Function.ResponseSizeTooLarge", tooLarge, [])));
            throw new RuntimeCallException(413, "RequestEntityTooLarge", tooLarge);
        }
        runtime.Respond(requestId, new FunctionResult.Succeeded(answer));
        await AcceptAsync(context);
    }

    private static async Task FailAsync(HttpContext context, IRuntimeCalls runtime, string requestId)
    {
        runtime.Respond(requestId, new FunctionResult.Failed(await ErrorAsync(context)));
        await AcceptAsync(context);
    }

    private static async Task FailInitAsync(HttpContext context, IRuntimeCalls runtime)
    {
        runtime.FailInit(await ErrorAsync(context));
        await AcceptAsync(context);
    }

    private static async Task<FunctionError> ErrorAsync(HttpContext context)
    {
        ReadOnlyMemory<byte> body = await RequestBody.ReadAsync(context.Request, context.RequestAborted) ?? ReadOnlyMemory<byte>.Empty;
        return FunctionErrorJson.Read(body, context.Request.Headers["Lambda-Runtime-Function-Error-Type"] is [{ Length: > 0 } type, ..] ? type : "Unhandled");
    }

    private static async Task AcceptAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Accepted.Length;
        Accepted.CopyTo(context.Response.BodyWriter.GetSpan(Accepted.Length));
        context.Response.BodyWriter.Advance(Accepted.Length);
        await context.Response.BodyWriter.FlushAsync();
    }

    private static async Task RefuseAsync(HttpContext context, RuntimeCallException wrong)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new { errorMessage = wrong.Message, errorType = wrong.ErrorType });
        context.Response.StatusCode = wrong.Status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    }

    private static RuntimeCallException NotServed(string path) => new(
        404, "NotFound", path.Contains("/extension/", StringComparison.Ordinal) || path.Contains("/telemetry", StringComparison.Ordinal)
            ? "Extensions and the Telemetry API are not available."
            : path.Contains("/restore/", StringComparison.Ordinal) ? "SnapStart is not available." : $"'{path}' is no call of the Runtime API.");
}
