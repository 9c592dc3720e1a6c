using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LambdaStreamRunner.Runner.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LambdaStreamRunner.Runner.RunnerApi;

/// <summary>What scripts ask a runner for: where it stands, and to be told when it is done.</summary>
/// <remarks>Answers callers on this machine only, whatever address the listener has.</remarks>
internal static class RunnerApiExtensions
{
    /// <summary>Serves <c>GET /_runner/state</c> and <c>POST /_runner/wait</c>.</summary>
    public static IReadOnlyList<IEndpointConventionBuilder> MapRunnerApi(this IEndpointRouteBuilder routes, StreamRunner runner) =>
    [
        routes.MapGet("/_runner/state", FromHere(context => WriteStateAsync(context, runner))),
        routes.MapPost("/_runner/wait", FromHere(context => WaitAsync(context, runner))),
    ];

    private static RequestDelegate FromHere(RequestDelegate serve) => async context =>
    {
        // Without an address the server is in this process.
        if (context.Connection.RemoteIpAddress is { } caller && !IPAddress.IsLoopback(caller))
            await WriteAsync(context, StatusCodes.Status403Forbidden, new WaitAnswer(false, "only callers on the runner's own machine are answered"), RunStateJson.Default.WaitAnswer);
        else
            await serve(context);
    };

    private static async Task WriteStateAsync(HttpContext context, StreamRunner runner) =>
        await WriteAsync(context, StatusCodes.Status200OK, await RunState.OfAsync(runner, context.RequestAborted), RunStateJson.Default.RunState);

    private static async Task WaitAsync(HttpContext context, StreamRunner runner)
    {
        string? mistake = WaitRequest.TryRead(context.Request.Query, out WaitRequest request, out string unread)
            ? request.FindMistake(runner.Lambda.Mappings.All)
            : unread;
        (int status, WaitAnswer answer) = mistake is null
            ? await WaitAsync(request, runner, context.RequestAborted)
            : (StatusCodes.Status400BadRequest, new WaitAnswer(false, mistake));
        await WriteAsync(context, status, answer, RunStateJson.Default.WaitAnswer);
    }

    private static async Task<(int Status, WaitAnswer Answer)> WaitAsync(WaitRequest request, StreamRunner runner, CancellationToken gone)
    {
        try
        {
            if (await request.WaitAsync(runner, gone))
                return (StatusCodes.Status200OK, new WaitAnswer(true));
            string missing = $"not {request.Until.ToString().ToLowerInvariant()} after {request.Timeout.TotalSeconds:0.###} s; GET /_runner/state tells what is missing";
            return (StatusCodes.Status408RequestTimeout, new WaitAnswer(false, missing));
        }
        catch (MappingFaultException fault)
        {
            return (StatusCodes.Status500InternalServerError, new WaitAnswer(false, fault.Message));
        }
    }

    private static async Task WriteAsync<T>(HttpContext context, int status, T answer, JsonTypeInfo<T> type)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(answer, type);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
